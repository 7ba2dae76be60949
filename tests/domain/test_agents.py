"""What clients call themselves, in words: people's browsers by name, versions left out, and nobody's words but ours."""

import pytest

from domain.agents import agent_of

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android"),
        (ANDROID.format(142), "Chrome on Android"),
        (IPHONE + "Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iOS"),
        (IPHONE + "CriOS/142.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iOS"),
        (WINDOWS, "Chrome on Windows"),
        (WINDOWS + " Edg/142.0.0.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
            "Safari/605.1.15",
            "Safari on Mac",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("Opera/9.80 (Android; Opera Mini/36.2/119.132; U; sw) Presto/2.12.423 Version/12.16", "Opera Mini on Android"),
        ("okhttp/4.9.2", "okhttp"),
        ("curl/8.5", "curl"),
        ("a toaster", None),
        ("", None),
        (None, None),
    ],
)
def test_a_device_is_named(user_agent, name):
    assert agent_of(user_agent).name("en") == name


def test_a_device_is_named_in_swahili():
    assert agent_of(ANDROID.format(142)).name("sw") == "Chrome kwenye Android"


def test_an_update_makes_no_other_device():
    assert agent_of(ANDROID.format(142)) == agent_of(ANDROID.format(143))
    assert agent_of(ANDROID.format(142)) != agent_of(WINDOWS)


@pytest.mark.parametrize(
    "hostile",
    [
        "http://evil.example/ CFNetwork/1 Darwin/24",
        "evil.example/12 CFNetwork/1568.200.51 Darwin/24.1.0",
        "<script>/12 CFNetwork/1568.200.51 Darwin/24.1.0",
        f"{'a' * 150}/12 CFNetwork/1568.200.51 Darwin/24.1.0",
        "(" * 200,
        "Mozilla/5.0 " + "(;" * 90,
    ],
)
def test_nobody_puts_words_into_our_mails(hostile):
    name = agent_of(hostile).name("en") or ""
    assert len(name) <= 64
    assert not set(name) & set("./:<>@")
