"""`python -m devtools.bench.mail_sink PORT FILE`: an SMTP server that takes every letter and keeps its Message-ID."""

from __future__ import annotations

import asyncio
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import TextIO

END_OF_LETTER = b"\r\n.\r\n"
LONGEST_LETTER = 2**20


async def take(reader: StreamReader, writer: StreamWriter, kept: TextIO) -> None:
    """Speak with one worker until it hangs up: as much of SMTP as smtplib asks for."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            letter = await reader.readuntil(END_OF_LETTER)
            # Kept before it is accepted: what is counted is what came, not what was settled.
            kept.write(message_id(letter) + "\n")
            kept.flush()
        writer.write(b"250 OK\r\n" if verb != b"QUIT" else b"221 bye\r\n")
        await writer.drain()
        if verb == b"QUIT":
            break
    writer.close()


def message_id(letter: bytes) -> str:
    """The Message-ID of a letter."""
    return letter.partition(b"Message-ID:")[2].partition(b"\n")[0].strip().decode()


async def serve(port: int, path: Path) -> None:
    """Listen until killed."""
    with path.open("a", encoding="utf-8") as kept:
        server = await asyncio.start_server(
            lambda reader, writer: take(reader, writer, kept), "127.0.0.1", port, limit=LONGEST_LETTER
        )
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
