"""What SQLite, MCAP and bleak promise and how they test it, from their own pages."""

PEERS = """Each line is what the makers themselves say, and what stands beside it here.

| who | what they promise | how they test it | here |
| --- | --- | --- | --- |
| SQLite ([testing](https://www.sqlite.org/testing.html), \
[security](https://www.sqlite.org/security.html), \
[synchronous](https://www.sqlite.org/pragma.html#pragma_synchronous)) | It never crashes, however \
malformed a database is, and with `synchronous=FULL` what was committed survives a power cut. It \
advises to check strangers' files first (`quick_check`), to switch `cell_size_check` on and not to \
map them into memory | Four harnesses with every branch covered; fuzzers that run all the time; \
simulated failures of memory, of the disk and of power | Sessions \
and rosters are SQLite with `synchronous=FULL`, opened as its page advises; each row has a \
checksum of ours besides, as SQLite has none for pages by default. Processes are killed and files \
torn; **a real power cut is not simulated**, as SQLite does that below its own file layer |
| MCAP ([specification](https://mcap.dev/spec), \
[security considerations](https://www.iana.org/assignments/media-types/application/vnd.mcap)) | \
Robot logs that can be written in order, with an optional CRC for each chunk and for the summary; \
readers should bound lengths, allocations and what is unpacked | Conformance files that every \
language must read alike; a `doctor` and a `recover` command for damaged files | A CRC for each \
packet, not for a chunk, so a flipped byte costs one packet; the limits its page asks \
readers for are one set in `gait/model/limits.py` |
| bleak ([integration tests](https://github.com/hbldh/bleak/pull/1838), \
[BlueZ in CI](https://github.com/hbldh/bleak/pull/1870)) | One client for each system's Bluetooth; \
no promise that a link stays, or that notifications are complete | Since the end of 2025 against \
devices emulated with bumble, in CI on BlueZ in a virtual machine | The client is bleak's, the \
devices are bumble's as in its tests, and links break, packets get lost and shoes reboot by plan; \
every packet that a shoe made is accounted for |"""
