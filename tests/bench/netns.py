# SPDX-License-Identifier: Apache-2.0
"""A chain of network namespaces joined by veth pairs: client, any number of hops, server.

Everything a chain made is gone when its `with` block ends, however it ends; what a killed run left behind is removed by
the next one. Needs root.
"""
import array
import ctypes
import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import sys

PREFIX = "fbbench"
COMMAND_SECONDS_MAX = 20
CLIENT_ADDRESS = "10.200.0.1"
SERVER_ADDRESS = "10.200.0.2"

# Kernel TCP must not be limited by its windows, nor remember what an earlier run taught it.
SYSCTLS = {
    "net/ipv6/conf/all/disable_ipv6": "1",
    "net/ipv6/conf/default/disable_ipv6": "1",
    "net/ipv4/tcp_rmem": "4096 1048576 33554432",
    "net/ipv4/tcp_wmem": "4096 1048576 33554432",
    "net/ipv4/tcp_no_metrics_save": "1",
    "net/ipv4/ip_forward": "1",
}

SIOCETHTOOL = 0x8946
# ETHTOOL_SRXCSUM, STXCSUM, SSG, STSO, SGSO, SGRO of linux/ethtool.h
OFFLOADS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)
PR_SET_PDEATHSIG = 1


class BenchError(Exception):
    """Something of the benchmark did not work; the text is for its user."""


def run(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as late:
        raise BenchError(f"{' '.join(command)} did not end") from late
    if done.returncode != 0:
        raise BenchError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def raise_on_signals():
    """Lets `with` blocks clean up when the benchmark is ended from outside."""
    def end(number, _frame):
        raise BenchError(f"ended by {signal.Signals(number).name}")
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


def remove_leftovers():
    for line in run("ip", "netns", "list").splitlines():
        match = re.match(rf"{PREFIX}(\d+)-\S+", line)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            run("ip", "netns", "del", match[0])


class Program:
    """A running program of a chain, ended with its `with` block at the latest."""

    def __init__(self, namespace, command, log=None, cpus=None):
        def prepare():
            die_with_parent()
            if cpus:
                os.sched_setaffinity(0, cpus)
        self.name = os.path.basename(command[0])
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=log, text=True, preexec_fn=prepare)

    def wait_ready(self):
        line = self.process.stdout.readline()
        if line.strip() != "ready":
            raise BenchError(f"{self.name} did not start")

    def cpu_seconds(self):
        """Processor time of all its threads so far, in the kernel and out of it."""
        total = 0
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{thread}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def finish(self, seconds_max):
        """What it printed, once it has ended by itself."""
        try:
            output, _ = self.process.communicate(timeout=seconds_max)
        except subprocess.TimeoutExpired as late:
            raise BenchError(f"{self.name} did not end") from late
        if self.process.returncode != 0:
            raise BenchError(f"{self.name} failed")
        return output

    def stop(self):
        """What it printed, once it was asked to end."""
        self.process.terminate()
        return self.finish(COMMAND_SECONDS_MAX)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Chain:
    """client - hop1 - ... - hopN - server. A node's interfaces are called `left` and `right`.

    `name` tells apart the chains that one benchmark has at the same time.
    """

    def __init__(self, hops, name=""):
        self.name = name
        self.hops = [f"hop{number}" for number in range(1, hops + 1)]
        self.nodes = ["client", *self.hops, "server"]

    def namespace(self, node):
        return f"{PREFIX}{os.getpid()}-{self.name}{node}"

    def start(self, node, *command, log=None, cpus=None):
        return Program(self.namespace(node), [str(part) for part in command], log, cpus)

    def __enter__(self):
        remove_leftovers()
        try:
            self.build()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def build(self):
        for node in self.nodes:
            run("ip", "netns", "add", self.namespace(node))
            settings = "; ".join(f"echo '{value}' > /proc/sys/{name}" for name, value in SYSCTLS.items())
            run("ip", "netns", "exec", self.namespace(node), "sh", "-c", settings)
            run("ip", "-n", self.namespace(node), "link", "set", "lo", "up")
        for near, far in zip(self.nodes, self.nodes[1:]):
            run("ip", "link", "add", "right", "netns", self.namespace(near), "type", "veth",
                "peer", "name", "left", "netns", self.namespace(far))
        for node in self.nodes:
            interfaces = self.interfaces(node)
            run("ip", "netns", "exec", self.namespace(node), sys.executable, __file__, "offloads-off", *interfaces)
            for interface in interfaces:
                run("ip", "-n", self.namespace(node), "link", "set", interface, "up")

    def remove(self):
        for node in self.nodes:
            subprocess.run(["ip", "netns", "del", self.namespace(node)], capture_output=True, check=False,
                           timeout=COMMAND_SECONDS_MAX)

    def interfaces(self, node):
        return [name for name, wanted in (("left", node != "client"), ("right", node != "server")) if wanted]

    def mac(self, node, interface):
        return re.search(r"link/ether (\S+)", run("ip", "-n", self.namespace(node), "-o", "link", "show", interface))[1]

    def address_ends(self):
        """One subnet from end to end: the hops carry frames and have no address."""
        ends = (("client", "right", CLIENT_ADDRESS), ("server", "left", SERVER_ADDRESS))
        for (node, interface, address), (peer, peer_interface, peer_address) in (ends, ends[::-1]):
            space = self.namespace(node)
            run("ip", "-n", space, "address", "add", f"{address}/24", "dev", interface)
            run("ip", "-n", space, "neighbor", "replace", peer_address, "lladdr", self.mac(peer, peer_interface),
                "dev", interface, "nud", "permanent")

    def address_route(self):
        """A subnet for each link; the kernels of the hops forward. Returns the address of the server."""
        for number, (near, far) in enumerate(zip(self.nodes, self.nodes[1:])):
            run("ip", "-n", self.namespace(near), "address", "add", f"10.201.{number}.1/24", "dev", "right")
            run("ip", "-n", self.namespace(far), "address", "add", f"10.201.{number}.2/24", "dev", "left")
        last = len(self.nodes) - 2
        for number, node in enumerate(self.nodes):
            for link in range(last + 1):
                if link < number - 1:
                    gateway = f"10.201.{number - 1}.1"
                elif link > number:
                    gateway = f"10.201.{number}.2"
                else:
                    continue
                run("ip", "-n", self.namespace(node), "route", "add", f"10.201.{link}.0/24", "via", gateway)
        return f"10.201.{last}.2"


def turn_offloads_off(interfaces):
    """Frames of kernel TCP are then as long as the overlay's, and leave with their checksums in them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for interface in interfaces:
            for command in OFFLOADS:
                value = array.array("B", struct.pack("II", command, 0))
                request = struct.pack("16sP", interface.encode(), value.buffer_info()[0])
                try:
                    fcntl.ioctl(any_socket, SIOCETHTOOL, request)
                except OSError as problem:
                    if problem.errno != 95:  # EOPNOTSUPP: veth has no receive checksum to turn off
                        raise


if __name__ == "__main__":
    if sys.argv[1:2] != ["offloads-off"]:
        sys.exit("netns.py is a module")
    turn_offloads_off(sys.argv[2:])
