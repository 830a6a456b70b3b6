"""Pairing over the virtual air: LE Secure Connections, just works, as nobody can press a key."""

import math
import secrets
from collections.abc import Callable

from bumble.device import Device
from bumble.keys import KeyStore, PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate

WINDOW_S = 120.0  # for so long hosts may pair, after power on and after three taps
IRK_BYTES = 16

_ENCRYPTION = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
_IDENTITY = PairingDelegate.KeyDistribution.DISTRIBUTE_IDENTITY_KEY


class Bonds(KeyStore):
    """The hosts that a shoe is paired with; hand it to another shoe to switch the power off and on.

    most     : how many it remembers; a further one takes the place of the oldest
    required : it takes commands over an encrypted link only, as version 2 of the protocol asks
    window_s : for so long after power on, or three taps, hosts may pair with it

    `usb_power` is whether it hangs on a cable, and pairs as long as it does. `irk` is the key by
    which a host that is paired knows the shoe's private addresses.
    """

    def __init__(self, most: int = 4, *, required: bool = True, window_s: float = WINDOW_S) -> None:
        self.required = required
        self.usb_power = False
        self.irk = secrets.token_bytes(IRK_BYTES)
        self.window_s = window_s
        self._open_until_s = -math.inf
        self._most = most
        self._keys: dict[str, PairingKeys] = {}  # by the host's address, the oldest first

    @property
    def hosts(self) -> list[str]:
        """Their addresses, the oldest first."""
        return list(self._keys)

    def open_window(self, now_s: float) -> None:
        """Somebody switched it on, or tapped it three times."""
        self._open_until_s = now_s + self.window_s

    def takes_new(self, now_s: float) -> bool:
        """Whether a host may pair now, also one that it knows and that lost its keys."""
        return self.usb_power or now_s < self._open_until_s

    def forget(self) -> None:
        """As somebody taps it three times while it hangs on a cable."""
        self._keys.clear()

    async def get(self, name: str) -> PairingKeys | None:
        return self._keys.get(name)

    async def get_all(self) -> list[tuple[str, PairingKeys]]:
        return list(self._keys.items())

    async def update(self, name: str, keys: PairingKeys) -> None:
        self._keys.pop(name, None)
        self._keys[name] = keys
        while len(self._keys) > self._most:
            del self._keys[next(iter(self._keys))]

    async def delete(self, name: str) -> None:
        del self._keys[name]


def pair_with(device: Device, accepts: Callable[[], bool]) -> None:
    """Let this host pair with whoever asks while `accepts`."""

    class Delegate(PairingDelegate):
        async def accept(self) -> bool:
            return accepts()

    # Shoes change their addresses, and let those they pair with know them in any case.
    delegate = Delegate(
        PairingDelegate.NO_OUTPUT_NO_INPUT,
        local_initiator_key_distribution=_ENCRYPTION,
        local_responder_key_distribution=_ENCRYPTION | _IDENTITY,
    )
    device.pairing_config_factory = lambda _: PairingConfig(
        mitm=False, delegate=delegate, identity_address_type=PairingConfig.AddressType.RANDOM
    )
