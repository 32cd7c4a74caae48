// SPDX-License-Identifier: Apache-2.0
// recorder INTERFACE FILE: writes every RoMON frame that passes the interface, both ways, to a pcap file until SIGTERM.
// Prints "ready" once it listens. Runs inside a namespace of the lab.
#include <pcap/pcap.h>

#include <csignal>
#include <iostream>

namespace {

pcap_t* listening = nullptr;

void stop(int)
{
    pcap_breakloop(listening);
}

int fail(const char* what)
{
    std::cerr << "recorder: " << what << ": " << (listening != nullptr ? pcap_geterr(listening) : "") << '\n';
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return fail("usage: recorder INTERFACE FILE");
    char problem[PCAP_ERRBUF_SIZE] = {};
    listening = pcap_create(argv[1], problem);
    if (listening == nullptr)
        return fail(problem);
    pcap_set_snaplen(listening, 65535);
    pcap_set_immediate_mode(listening, 1);
    pcap_set_promisc(listening, 1);
    bpf_program filter{};
    if (pcap_activate(listening) < 0 || pcap_compile(listening, &filter, "ether proto 0x88bf", 1, 0) < 0 ||
        pcap_setfilter(listening, &filter) < 0)
        return fail("cannot listen");
    pcap_dumper_t* file = pcap_dump_open(listening, argv[2]);
    if (file == nullptr)
        return fail("cannot write");
    std::signal(SIGTERM, stop);
    std::cout << "ready" << std::endl;
    pcap_loop(listening, -1, pcap_dump, reinterpret_cast<u_char*>(file));
    pcap_dump_close(file);
    pcap_freecode(&filter);
    pcap_close(listening);
    return 0;
}
