"""The browser in which pages are looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.reporting.browser import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it, skip, and fail where CI=true."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        missing = "needs Chromium and ChromeDriver; run .ci/browser"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    browser = Browser(chromium, driver)
    yield browser
    browser.close()
