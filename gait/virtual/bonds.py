"""Pairing over the virtual air: LE Secure Connections, just works, as nobody can press a key."""

from collections.abc import Callable

from bumble.device import Device
from bumble.keys import KeyStore, PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate

_ENCRYPTION = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY


class Bonds(KeyStore):
    """The hosts that a shoe is paired with; hand it to another shoe to switch the power off and on.

    most        : how many it remembers; a further one takes the place of the oldest
    required    : it takes commands over an encrypted link only
    open_to_all : it pairs with whoever asks; else with nobody
    """

    def __init__(self, most: int = 4, *, required: bool = True, open_to_all: bool = True) -> None:
        self.required = required
        self.open_to_all = open_to_all
        self._most = most
        self._keys: dict[str, PairingKeys] = {}  # by the host's address, the oldest first

    @property
    def hosts(self) -> list[str]:
        """Their addresses, the oldest first."""
        return list(self._keys)

    def forget(self) -> None:
        """As somebody resets the shoe."""
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

    # Keys to resolve addresses are of no use, as nobody here changes its own.
    delegate = Delegate(
        PairingDelegate.NO_OUTPUT_NO_INPUT,
        local_initiator_key_distribution=_ENCRYPTION,
        local_responder_key_distribution=_ENCRYPTION,
    )
    device.pairing_config_factory = lambda _: PairingConfig(mitm=False, delegate=delegate)
