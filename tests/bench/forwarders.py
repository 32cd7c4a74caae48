# SPDX-License-Identifier: Apache-2.0
"""What can stand at a hop of a chain: the agent, the two bare forwarders, or nothing but the kernel."""
import contextlib
import json
import pathlib
import tempfile

import netns
import results

NAMES = {"agent": "footbridged", "pcap": "bare libpcap", "raw": "bare packet socket, batches of 32",
         "kernel": "kernel IP forwarding"}
# The agent numbers its ports from 2 up in the order of their interfaces' names: tests/bench/chain has `left`, `right`.
LINK_OF = {"left": 2, "right": 3}
CLIENT_LINK = 2


def id_of(chain, node):
    return f"02:00:00:00:02:{chain.nodes.index(node):02x}"


def route_to(chain, node):
    """The source route from the client to a node, by way of agents at every hop between."""
    nodes = chain.nodes[1:chain.nodes.index(node) + 1]
    links = [CLIENT_LINK] + [LINK_OF["right"]] * (len(nodes) - 1)
    return [f"{link}/{chain.mac(hop, 'left')}" for link, hop in zip(links, nodes)]


def route_past(chain, node):
    """The source route from the client to a node when whatever is between carries frames without being a hop of it."""
    return [f"{CLIENT_LINK}/{chain.mac(node, 'left')}"]


def configuration(chain, node, folder):
    ports = "".join(f'\n[[port]]\ninterface = "{name}"\n' for name in chain.interfaces(node))
    file = pathlib.Path(folder) / f"{node}.toml"
    file.write_text(f'id = "{id_of(chain, node)}"\nidentity = "{node}"\nrole = "transit"\n{ports}\n[control]\n'
                    f'socket = "{folder}/{node}.sock"\n\n[ssh]\nenabled = false\n', encoding="utf-8")
    return file


@contextlib.contextmanager
def running(chain, kind, nodes, cpus=None):
    """The programs of these nodes while the block runs. Agents need time to open their ports: probe before measuring."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=netns.PREFIX))
        programs = []
        for node in nodes:
            if kind == "agent":
                command = (results.BIN / "footbridged", "--config", configuration(chain, node, folder))
            else:
                command = (results.BIN / "chain_hop", kind, *chain.interfaces(node))
            log = stack.enter_context(open(f"{folder}/{node}.log", "w", encoding="utf-8"))
            programs.append(stack.enter_context(chain.start(node, *command, log=log, cpus=cpus)))
        if kind != "agent":
            for program in programs:
                program.wait_ready()
        yield programs


def echo(chain, node, route, count, cpus=None):
    """Round trips of the overlay's echo from the client; waits until the node can be reached at all."""
    with chain.start("client", results.BIN / "chain_probe", "echo", "right", "--mac", chain.mac("client", "right"),
                     "--target", id_of(chain, node), "--count", count, "--route", *route, cpus=cpus) as probe:
        return json.loads(probe.finish(netns.COMMAND_SECONDS_MAX + count * 0.3))
