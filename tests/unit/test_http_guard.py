"""The network as the client sees it."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address

import httpcore2
import pytest

from monitor.http.guard import GuardedNetwork, PrivateAddress, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1", "2001::1",
        "100::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_form(address: str) -> None:
    """No form of an address that is not of the public internet passes, embedded IPv4 included."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "8.8.8.8",
        "2606:4700::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_public_addresses_pass(address: str) -> None:
    """Addresses of the public internet pass, also a public IPv4 address behind NAT64."""
    assert is_public(ip_address(address))


class Recorder(httpcore2.NetworkBackend):
    """A network that notes who is called and refuses some."""

    def __init__(self, *refused: str) -> None:
        self.called: list[tuple[str, float | None]] = []
        self.refused = refused

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        self.called.append((host, timeout))
        if host in self.refused:
            raise httpcore2.ConnectError("refused")
        return httpcore2.MockStream([b"hello"])


def names(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


def test_connects_to_the_very_address_that_was_checked() -> None:
    """The name is resolved once and the connection goes to its address, so that a second answer
    gains nothing.
    """
    network = Recorder()
    guarded = GuardedNetwork(lambda: 10.0, resolve=names("8.8.8.8"), network=network)
    guarded.connect_tcp("rebinding.example", 80)

    assert network.called == [("8.8.8.8", 10.0)]


def test_a_name_that_leads_inside_is_refused_before_connecting() -> None:
    """A public name with a private address is refused, and nothing is connected to."""
    network = Recorder()
    guarded = GuardedNetwork(lambda: 10.0, resolve=names("10.0.0.1"), network=network)
    with pytest.raises(PrivateAddress, match=r"inside\.example leads to 10\.0\.0\.1"):
        guarded.connect_tcp("inside.example", 80)

    assert network.called == []


def test_private_addresses_are_left_out_among_public_ones() -> None:
    """Of mixed answers only the public ones are connected to."""
    network = Recorder("8.8.8.8")
    guarded = GuardedNetwork(
        lambda: 10.0, resolve=names("127.0.0.1", "8.8.8.8", "1.1.1.1"), network=network
    )
    guarded.connect_tcp("mixed.example", 80)

    assert network.called == [("8.8.8.8", 5.0), ("1.1.1.1", 10.0)]


def test_private_networks_can_be_allowed() -> None:
    """With the setting, private addresses are connected to."""
    network = Recorder()
    guarded = GuardedNetwork(
        lambda: 10.0, allow_private=True, resolve=names("10.0.0.1"), network=network
    )
    guarded.connect_tcp("inside.example", 80)

    assert network.called == [("10.0.0.1", 10.0)]


def test_nothing_starts_after_the_deadline() -> None:
    """When the request's time is over, neither connecting nor reading nor writing begins."""
    left = [5.0]
    guarded = GuardedNetwork(lambda: left[0], resolve=names("8.8.8.8"), network=Recorder())
    stream = guarded.connect_tcp("host.example", 80)
    left[0] = 0.0

    with pytest.raises(httpcore2.ReadTimeout):
        stream.read(10)
    with pytest.raises(httpcore2.WriteTimeout):
        stream.write(b"x")
    with pytest.raises(httpcore2.ConnectTimeout):
        guarded.connect_tcp("host.example", 80)


def test_an_unresolvable_name_is_a_connect_error() -> None:
    """A name that cannot exist fails like one that does not: a label may have 63 characters."""
    guarded = GuardedNetwork(lambda: 10.0, network=Recorder())
    with pytest.raises(httpcore2.ConnectError):
        guarded.connect_tcp("a" * 70 + ".example", 80)
