"""bumble's controller, with what it leaves out."""

from bumble import hci
from bumble.controller import Controller


class VirtualController(Controller):
    """Gives up an attempt to connect when it is told to, as every controller must."""

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Bluetooth Core, volume 4, part E, 7.8.13."""
        attempt, self.pending_le_connection = self.pending_le_connection, None
        if attempt is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=attempt.peer_address.address_type,
                peer_address=attempt.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)
