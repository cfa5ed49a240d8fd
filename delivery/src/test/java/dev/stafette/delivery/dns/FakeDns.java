// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A name server on loopback, over UDP and TCP. A name it was not told of does not exist. It writes its messages by itself,
 * so that they can be as wrong as a test wants: what goes out can be changed on the way.
 */
public final class FakeDns implements AutoCloseable {
    public static final int NXDOMAIN = 3;
    public static final int FORMERR = 1;
    public static final int SERVFAIL = 2;
    public static final int REFUSED = 5;

    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int TLSA = 52;

    private static final Map<Integer, String> TYPES =
            Map.of(A, "A", CNAME, "CNAME", PTR, "PTR", MX, "MX", TXT, "TXT", AAAA, "AAAA", SRV, "SRV", TLSA, "TLSA");

    private static final int HEADER_BYTES = 12;
    private static final int DNSSEC_OK = 0x8000;

    private record Entry(String owner, int type, byte[] content, long ttl) {}

    /** What a client sent. {@code flags} and {@code payloadBytes}: those of its OPT record, -1 without one. */
    public record Query(int id, String name, int type, int flags, int payloadBytes, SocketAddress client) {}

    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final InetSocketAddress address;
    private final Map<String, List<Entry>> zone = new ConcurrentHashMap<>();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> authentic = ConcurrentHashMap.newKeySet();
    private final Map<String, UnaryOperator<List<byte[]>>> changed = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<List<byte[]>>> changedOverTcp = new ConcurrentHashMap<>();
    private volatile byte[] soa;

    /** Every question that came, as {@code name TYPE}; over TCP with {@code TCP} behind. */
    public final List<String> questions = new CopyOnWriteArrayList<>();

    public final List<Query> queries = new CopyOnWriteArrayList<>();

    public FakeDns() {
        DatagramSocket udp = null;
        ServerSocket tcp = null;
        // The port of the one may be taken by somebody for the other.
        for (int i = 0; i < 20 && tcp == null; i++) {
            try {
                udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                tcp = new ServerSocket(udp.getLocalPort(), 50, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                udp.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        datagrams = udp;
        streams = tcp;
        address = (InetSocketAddress) udp.getLocalSocketAddress();
        serve();
    }

    /** There and nowhere else, for programs that know no other port than 53. */
    public FakeDns(InetSocketAddress address) throws IOException {
        this.address = address;
        datagrams = new DatagramSocket(address);
        streams = new ServerSocket(address.getPort(), 50, address.getAddress());
        serve();
    }

    private void serve() {
        start("fake-dns-udp", this::serveDatagrams);
        start("fake-dns-tcp", this::serveStreams);
    }

    public static String typeName(int type) {
        return TYPES.getOrDefault(type, "TYPE" + type);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() {
        return address;
    }

    // The zone. ------------------------------------------------------------------------------------------------------

    public FakeDns mx(String owner, int preference, String exchange) {
        return mx(owner, preference, exchange, 300);
    }

    public FakeDns mx(String owner, int preference, String exchange, long ttl) {
        return add(owner, MX, bytes(shorts(preference), name(exchange)), ttl);
    }

    public FakeDns address(String owner, String address) {
        return address(owner, address, 300);
    }

    public FakeDns address(String owner, String address, long ttl) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return add(owner, bytes.length == 4 ? A : AAAA, bytes, ttl);
    }

    public FakeDns alias(String owner, String target) {
        return alias(owner, target, 300);
    }

    public FakeDns alias(String owner, String target, long ttl) {
        return add(owner, CNAME, name(target), ttl);
    }

    public FakeDns pointer(String owner, String target) {
        return add(owner, PTR, name(target), 300);
    }

    public FakeDns nameServer(String owner, String target) {
        return add(owner, NS, name(target), 300);
    }

    public FakeDns text(String owner, String... strings) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (String string : strings) {
            content.write(string.length());
            content.writeBytes(string.getBytes(StandardCharsets.ISO_8859_1));
        }
        return add(owner, TXT, content.toByteArray(), 300);
    }

    public FakeDns service(String owner, int priority, int weight, int port, String target) {
        return add(owner, SRV, bytes(shorts(priority, weight, port), name(target)), 300);
    }

    public FakeDns association(String owner, int usage, int selector, int matchingType, byte[] data) {
        return add(owner, TLSA, bytes(new byte[] {(byte) usage, (byte) selector, (byte) matchingType}, data), 300);
    }

    public FakeDns add(String owner, int type, byte[] content, long ttl) {
        zone.computeIfAbsent(owner, key -> new CopyOnWriteArrayList<>()).add(new Entry(owner, type, content, ttl));
        return this;
    }

    /** The name exists and has nothing. */
    public FakeDns empty(String owner) {
        zone.computeIfAbsent(owner, key -> new CopyOnWriteArrayList<>());
        return this;
    }

    public void forget(String owner) {
        zone.remove(owner);
    }

    /** For negative answers from now on. */
    public FakeDns authority(long ttl, long minimum) {
        byte[] numbers = ByteBuffer.allocate(20).putInt(16, (int) minimum).array();
        soa = record("test", SOA, 1, ttl, bytes(name("ns.test"), name("root.test"), numbers));
        return this;
    }

    public FakeDns fail(String owner, int code) {
        failing.put(owner, code);
        return this;
    }

    public FakeDns mend(String owner) {
        failing.remove(owner);
        silent.remove(owner);
        return this;
    }

    public FakeDns ignore(String owner) {
        silent.add(owner);
        return this;
    }

    /** Whoever asks for it learns that the answer has been validated. */
    public FakeDns sign(String owner) {
        authentic.add(owner);
        return this;
    }

    /** What goes out over UDP in place of the answer. */
    public FakeDns change(String owner, UnaryOperator<List<byte[]>> change) {
        changed.put(owner, change);
        return this;
    }

    public FakeDns changeOverTcp(String owner, UnaryOperator<List<byte[]>> change) {
        changedOverTcp.put(owner, change);
        return this;
    }

    // Pieces of messages. --------------------------------------------------------------------------------------------

    private static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    private static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static byte[] record(String owner, int type, int dnsClass, long ttl, byte[] content) {
        return bytes(
                name(owner),
                shorts(type, dnsClass),
                shorts((int) (ttl >> 16), (int) ttl),
                shorts(content.length),
                content);
    }

    /** The message with other bytes at some place. */
    public static byte[] patched(byte[] message, int at, int... values) {
        byte[] copy = message.clone();
        for (int i = 0; i < values.length; i++) {
            copy[at + i] = (byte) values[i];
        }
        return copy;
    }

    /** The message with more records before those of its answer. */
    public static byte[] prepended(byte[] message, byte[]... records) {
        int end = questionEnd(message);
        byte[] out =
                bytes(Arrays.copyOf(message, end), bytes(records), Arrays.copyOfRange(message, end, message.length));
        out[7] += (byte) records.length;
        return out;
    }

    /** The message with the first record of its answer and nothing else; its owner's name is not compressed. */
    public static byte[] firstRecordOnly(byte[] message) {
        int at = questionEnd(message);
        while (message[at] != 0) {
            at += message[at] + 1;
        }
        int lengthAt = at + 9;
        int end = lengthAt + 2 + (message[lengthAt] << 8) + (message[lengthAt + 1] & 0xff);
        return patched(Arrays.copyOf(message, end), 6, 0, 1, 0, 0, 0, 0);
    }

    public static byte[] withoutQuestion(byte[] message) {
        return patched(
                bytes(
                        Arrays.copyOf(message, HEADER_BYTES),
                        Arrays.copyOfRange(message, questionEnd(message), message.length)),
                4,
                0,
                0);
    }

    public static byte[] headerOnly(byte[] message, int code) {
        return patched(Arrays.copyOf(message, HEADER_BYTES), 3, code, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** The message with the flag TC and nothing behind its question. */
    public static byte[] truncated(byte[] message) {
        int end = questionEnd(message);
        byte[] copy = Arrays.copyOf(message, end);
        copy[2] |= 2;
        Arrays.fill(copy, 6, HEADER_BYTES, (byte) 0);
        return copy;
    }

    public static int questionEnd(byte[] message) {
        int at = HEADER_BYTES;
        while (message[at] != 0) {
            at += message[at] + 1;
        }
        return at + 5;
    }

    // The server. ----------------------------------------------------------------------------------------------------

    private void serveDatagrams() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] message = Arrays.copyOf(buffer, packet.getLength());
                for (byte[] answer : answers(message, packet.getSocketAddress(), "", changed)) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serveStreams() {
        while (!streams.isClosed()) {
            try (Socket socket = streams.accept()) {
                socket.setSoTimeout(60_000);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                for (byte[] answer : answers(message, socket.getRemoteSocketAddress(), " TCP", changedOverTcp)) {
                    socket.getOutputStream().write(bytes(shorts(answer.length), answer));
                }
                // Until the client has seen enough.
                in.read();
            } catch (IOException | IllegalStateException over) {
                // The next one, if the test is not over.
            }
        }
    }

    private List<byte[]> answers(
            byte[] message, SocketAddress client, String mark, Map<String, UnaryOperator<List<byte[]>>> changes) {
        Query query = parse(message, client);
        queries.add(query);
        questions.add(query.name + " " + typeName(query.type) + mark);
        if (silent.contains(query.name)) {
            return List.of();
        }
        List<byte[]> truth = List.of(answer(query, Arrays.copyOfRange(message, 12, questionEnd(message))));
        return changes.getOrDefault(query.name, UnaryOperator.identity()).apply(truth);
    }

    private static Query parse(byte[] message, SocketAddress client) {
        ByteBuffer in = ByteBuffer.wrap(message);
        List<String> labels = new ArrayList<>();
        int at = HEADER_BYTES;
        for (; message[at] != 0; at += message[at] + 1) {
            labels.add(new String(message, at + 1, message[at], StandardCharsets.ISO_8859_1));
        }
        String name = String.join(".", labels).toLowerCase(Locale.ROOT);
        int end = questionEnd(message);
        // An OPT record has the root for its name; its flags are the lower half of what is the TTL elsewhere.
        boolean extended = in.getShort(10) == 1 && in.getShort(end + 1) == OPT;
        int flags = extended ? in.getShort(end + 7) & 0xffff : -1;
        int payloadBytes = extended ? in.getShort(end + 3) & 0xffff : -1;
        return new Query(in.getShort(0) & 0xffff, name, in.getShort(at + 1), flags, payloadBytes, client);
    }

    private byte[] answer(Query query, byte[] question) {
        Integer code = failing.get(query.name);
        List<byte[]> records = new ArrayList<>();
        boolean found = false;
        if (code == null) {
            code = zone.containsKey(query.name) ? 0 : NXDOMAIN;
            found = collect(query.name, query.type, records);
        }
        byte[] authority = soa != null && !found ? soa : new byte[0];
        boolean vouched = query.flags >= 0 && (query.flags & DNSSEC_OK) != 0 && authentic.contains(query.name);
        // QR, RD; RA, AD, the code.
        int flags = 0x8180 | (vouched ? 0x20 : 0) | code;
        byte[] options = query.flags < 0 ? new byte[0] : record("", OPT, 1232, query.flags, new byte[0]);
        return bytes(
                shorts(query.id, flags, 1, records.size(), authority.length == 0 ? 0 : 1, options.length == 0 ? 0 : 1),
                question,
                bytes(records.toArray(new byte[0][])),
                authority,
                options);
    }

    /** With all aliases that the zone has. Returns whether one is of the type. */
    private boolean collect(String name, int type, List<byte[]> records) {
        Set<String> seen = new HashSet<>();
        boolean found = false;
        String at = name;
        while (at != null && seen.add(at)) {
            String next = null;
            for (Entry entry : zone.getOrDefault(at, List.of())) {
                if (entry.type == CNAME || entry.type == type) {
                    records.add(record(entry.owner, entry.type, 1, entry.ttl, entry.content));
                    found |= entry.type == type;
                }
                if (entry.type == CNAME && type != CNAME) {
                    next = target(entry.content);
                }
            }
            at = next;
        }
        return found;
    }

    private static String target(byte[] content) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; content[i] != 0; i += content[i] + 1) {
            labels.add(new String(content, i + 1, content[i], StandardCharsets.ISO_8859_1));
        }
        return String.join(".", labels);
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            streams.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
