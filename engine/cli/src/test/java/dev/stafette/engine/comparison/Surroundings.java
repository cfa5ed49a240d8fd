// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.dns.FakeDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What both sides ask: a name server, a policy server, and a port where nobody listens. */
final class Surroundings implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final FakeDns names;
    private final PolicyServer policy = PolicyServer.open();
    private final ServerSocket closed;
    private final InetSocketAddress nameServer;

    private Surroundings(List<String> records) throws IOException {
        // Postfix asks port 53 only. Other tests may run, and one may have just ended.
        int own = (int) ProcessHandle.current().pid();
        byte[] address = {127, (byte) (64 + COUNT.getAndIncrement() % 64), (byte) (own >> 8), (byte) (1 + own % 250)};
        this.nameServer = new InetSocketAddress(InetAddress.getByAddress(address), 53);
        this.names = new FakeDns(nameServer);
        records.forEach(this::add);
        this.closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        closed.close();
    }

    static Surroundings open(List<String> records) throws IOException {
        return new Surroundings(records);
    }

    private void add(String line) {
        String[] words = line.split(" ", 3);
        String value = words.length < 3 ? "" : words[2];
        switch (words[1]) {
            case "address" -> names.address(words[0], value);
            case "mx" -> names.mx(words[0], Integer.parseInt(value.split(" ")[0]), value.split(" ")[1]);
            case "nullmx" -> names.mx(words[0], 0, "");
            case "ns" -> names.nameServer(words[0], value);
            case "pointer" -> names.pointer(words[0], value);
            case "text" -> names.text(words[0], value);
            case "alias" -> names.alias(words[0], value);
            case "empty" -> names.empty(words[0]);
            case "fail" -> names.fail(words[0], FakeDns.SERVFAIL);
            default -> throw new IllegalArgumentException(line);
        }
    }

    String nameServer() {
        return nameServer.getAddress().getHostAddress();
    }

    /** Settings with what they stand for; {@code directory}: of the side. */
    List<String> settings(Block block, Path directory) {
        List<String> lines = new ArrayList<>();
        for (String line : block.settings()) {
            lines.add(line.replace(
                            "%tables", TableFiles.directory(block, directory).toString())
                    .replace("%policy", "127.0.0.1:" + policy.port())
                    .replace("%closed", "127.0.0.1:" + closed.getLocalPort()));
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        names.close();
        policy.close();
    }
}
