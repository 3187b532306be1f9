"""What the user named → sources, and sources → byte streams.

`expand` lists what there is without reading it. `streams` opens one source and yields the byte
streams inside: one for a plain or compressed file, many for an archive, archives in archives
included. Everything is told by content, not by name, and nothing is unpacked to disk.
"""

from logclass.sources.choices import chosen
from logclass.sources.decompress import compression
from logclass.sources.expand import expand
from logclass.sources.streams import HEAD_BYTES, Opened, sha256, streams

__all__ = ["HEAD_BYTES", "Opened", "chosen", "compression", "expand", "sha256", "streams"]
