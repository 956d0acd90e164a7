"""An event loop in a thread of its own: coroutines run from any thread, and whoever waits for one can be interrupted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """Runs coroutines for threads that have no loop, or have one that is busy, as notebooks do.

    The thread ends with the program even where it is not closed.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns or raises. An interrupt (Ctrl-C) ends the waiting and calls the coroutine off.

        Raises:
            concurrent.futures.CancelledError: it was called off meanwhile.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def call_off(self) -> None:
        """End every coroutine that is under way."""
        asyncio.run_coroutine_threadsafe(_call_off(), self._loop).result()

    def close(self) -> None:
        """Call off what is under way, and end the thread. Closing twice is fine."""
        if self._loop.is_closed():
            return
        self.call_off()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _call_off() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
