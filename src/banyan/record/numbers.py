"""Row numbers: taken from the sequence in blocks, handed out without asking the database."""

from collections import deque

from psycopg import AsyncConnection

BLOCK = 256


class Numbers:
    """The row numbers that this process may use next; those of an aborted transaction are lost."""

    def __init__(self) -> None:
        self._free: deque[int] = deque()

    async def take(self, conn: AsyncConnection) -> int:
        if not self._free:
            cursor = await conn.execute("SELECT nextval('record.row')")
            row = await cursor.fetchone()
            assert row is not None
            self._free.extend(range(row[0], row[0] + BLOCK))
        return self._free.popleft()
