"""The cache in Redis, and in this process's memory while Redis is away.

What is in it only saves work or counts attempts, so no page needs Redis: signing in
goes on, and its rate limits are then counted by each process alone.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

AWAY_SECONDS = 15.0  # before Redis is asked again after a failure


class _Client:
    """Django's client of Redis, whose every method falls back to the memory's."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        self._redis = RedisCacheClient(servers, **options)
        self._memory = LocMemCache("while-redis-is-away", {})
        self._away_until = 0.0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask_redis, ask_memory = getattr(self._redis, name), getattr(self._memory, name)

        def ask(*arguments: Any, **named: Any) -> Any:
            if time.monotonic() >= self._away_until:
                try:
                    return ask_redis(*arguments, **named)
                except RedisError as error:
                    self._away_until = time.monotonic() + AWAY_SECONDS
                    logger.warning(
                        "The cache does without Redis for %s seconds: %s",
                        *(AWAY_SECONDS, type(error).__name__),
                    )
            return ask_memory(*arguments, **named)

        return ask


class RedisOrMemoryCache(RedisCache):
    """A cache in Redis that answers, without what was in it, while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Take what Django's own cache in Redis takes."""
        super().__init__(server, params)
        self._class = _Client
