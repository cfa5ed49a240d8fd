// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.dns.FakeDns;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What both sides find: a name server, a policy server, places for mail, and a port where nobody listens. */
final class Surroundings implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int ADDRESSES_MAX = 64;

    private final FakeDns names = openNames();
    private final PolicyServer policy = PolicyServer.open();
    private final MailSink sink = MailSink.open();
    private final CalloutServer callout = CalloutServer.open();
    /** Bound, so that nobody else gets the port, and not listening. */
    private final Socket closed = new Socket();

    private Surroundings(List<String> records) throws IOException {
        records.forEach(this::add);
        closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Postfix asks port 53 only. Other tests may run, and one may have just ended. */
    private static FakeDns openNames() throws IOException {
        int own = (int) ProcessHandle.current().pid();
        for (int tries = 1; ; tries++) {
            byte[] address = {127, (byte) (64 + COUNT.getAndIncrement() % 64), (byte) (own >> 8), (byte) (1 + own % 250)
            };
            try {
                return new FakeDns(new InetSocketAddress(InetAddress.getByAddress(address), 53));
            } catch (BindException taken) {
                if (tries == ADDRESSES_MAX) {
                    throw taken;
                }
            }
        }
    }

    static Surroundings open(List<String> records) throws IOException {
        return new Surroundings(records);
    }

    /** A line of a zone. */
    void add(String line) {
        String[] words = line.split(" ", 3);
        String value = words.length < 3 ? "" : words[2];
        switch (words[1]) {
            case "address" -> names.address(words[0], value);
            case "mx" -> names.mx(words[0], Integer.parseInt(value.split(" ")[0]), value.split(" ")[1]);
            case "nullmx" -> names.mx(words[0], 0, "");
            case "ns" -> names.nameServer(words[0], value);
            case "pointer" -> names.pointer(words[0], value);
            // A string of a record has no more (RFC 1035 §3.3).
            case "text" -> names.text(words[0], value.split("(?<=\\G.{255})"));
            case "alias" -> names.alias(words[0], value);
            case "tlsa" -> {
                String[] parts = value.split(" ");
                names.association(
                        words[0],
                        Integer.parseInt(parts[0]),
                        Integer.parseInt(parts[1]),
                        Integer.parseInt(parts[2]),
                        HexFormat.of().parseHex(parts[3]));
            }
            case "sign" -> names.sign(words[0]);
            case "empty" -> names.empty(words[0]);
            case "fail" -> names.fail(words[0], FakeDns.SERVFAIL);
            default -> throw new IllegalArgumentException(line);
        }
    }

    String nameServer() {
        return names.address().getAddress().getHostAddress();
    }

    MailSink sink() {
        return sink;
    }

    CalloutServer callout() {
        return callout;
    }

    /** Lines of a block with what they stand for. */
    String expand(String text, Path tables) {
        return text.replace("%tables", tables.toString())
                .replace("%policy", "127.0.0.1:" + policy.port())
                .replace("%closedport", Integer.toString(closed.getLocalPort()))
                .replace("%closed", "127.0.0.1:" + closed.getLocalPort())
                .replace("%callout", Integer.toString(callout.port()))
                .replace("%sink", Integer.toString(sink.port()));
    }

    /** A line of a log without the numbers of ports. */
    String mask(String line) {
        return line.replace(":" + sink.port(), ":%sink").replace(":" + closed.getLocalPort(), ":%closedport");
    }

    /** What all blocks have. */
    List<String> settings(CaseFile file, Path directory) {
        return file.settings().stream().map(line -> expand(line, directory)).toList();
    }

    /** {@code directory}: of the side. */
    List<String> settings(Block block, Path directory) {
        Path tables = tables(block, directory);
        return block.settings().stream().map(line -> expand(line, tables)).toList();
    }

    /** Writes the sources of all tables; returns those that are to be built, {@code type:path}. */
    List<String> writeTables(List<Block> blocks, Path directory) throws IOException {
        List<String> built = new ArrayList<>();
        for (Block block : blocks) {
            Path tables = Files.createDirectories(tables(block, directory));
            for (Map.Entry<String, String> table : block.tables().entrySet()) {
                String[] words = table.getKey().split(" ");
                Path file = Files.writeString(tables.resolve(words[1]), expand(table.getValue(), tables));
                if (!words[0].equals("text")) {
                    built.add(words[0] + ":" + file);
                }
            }
        }
        return built;
    }

    private static Path tables(Block block, Path directory) {
        return directory.resolve("tables").resolve(block.name().replaceAll("[^A-Za-z0-9]+", "-"));
    }

    @Override
    public void close() throws IOException {
        names.close();
        policy.close();
        sink.close();
        callout.close();
        closed.close();
    }
}
