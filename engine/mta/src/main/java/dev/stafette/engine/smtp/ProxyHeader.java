// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.syntax.IpText;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header by which a proxy says whom it speaks for: versions 1 and 2 of HAProxy's PROXY protocol. Bytes behind it
 * stay where they are.
 * Thread: event loop.
 */
public final class ProxyHeader {
    /** The proxy has not said all yet, it has, or it is none. */
    public enum Result {
        MORE,
        DONE,
        BAD
    }

    /** As Postfix reads them; TLVs of more bytes than that are no use to anybody here. */
    static final int BYTES_MAX = 536;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED_BYTES = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;

    private final byte[] bytes = new byte[BYTES_MAX];
    private int length;
    private @Nullable InetSocketAddress peer;
    private @Nullable InetSocketAddress server;
    private String mistake = "";

    /** Takes no byte that is not the header's. */
    public Result read(ByteBuf in) {
        Result result = Result.MORE;
        while (result == Result.MORE && in.isReadable()) {
            if (length == BYTES_MAX) {
                return bad("header too long");
            }
            bytes[length++] = in.readByte();
            result = look();
        }
        return result;
    }

    /** Who the client is; null when the proxy speaks for itself. */
    public @Nullable InetSocketAddress peer() {
        return peer;
    }

    /** Where it connected to; null when the proxy speaks for itself. */
    public @Nullable InetSocketAddress server() {
        return server;
    }

    /** What was wrong, for the log. */
    public String mistake() {
        return mistake;
    }

    private Result bad(String what) {
        int shown = Math.min(length, 100);
        mistake = what + ": " + new String(bytes, 0, shown, StandardCharsets.ISO_8859_1);
        return Result.BAD;
    }

    private Result look() {
        if (bytes[0] != SIGNATURE[0]) {
            return bytes[length - 1] == '\n' ? readText() : Result.MORE;
        }
        int compared = Math.min(length, SIGNATURE.length);
        if (!Arrays.equals(bytes, 0, compared, SIGNATURE, 0, compared)) {
            return bad("unexpected protocol header");
        }
        if (length < FIXED_BYTES || length < FIXED_BYTES + unsignedShort(FIXED_BYTES - 2)) {
            return length == FIXED_BYTES && FIXED_BYTES + unsignedShort(FIXED_BYTES - 2) > BYTES_MAX
                    ? bad("header too long")
                    : Result.MORE;
        }
        return readBinary();
    }

    private int unsignedShort(int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private Result readBinary() {
        int command = bytes[SIGNATURE.length] & 0xff;
        if (command == LOCAL) {
            return Result.DONE;
        }
        if (command != PROXY) {
            return bad("bad version or command");
        }
        int family = bytes[SIGNATURE.length + 1] & 0xff;
        int addressBytes = family == TCP_IPV4 ? 4 : family == TCP_IPV6 ? 16 : 0;
        if (addressBytes == 0) {
            return bad("unsupported protocol type");
        }
        int portAt = FIXED_BYTES + 2 * addressBytes;
        if (length < portAt + 4) {
            return bad("short address field");
        }
        int serverAt = FIXED_BYTES + addressBytes;
        peer = new InetSocketAddress(
                IpText.of(Arrays.copyOfRange(bytes, FIXED_BYTES, serverAt)), unsignedShort(portAt));
        server = new InetSocketAddress(
                IpText.of(Arrays.copyOfRange(bytes, serverAt, portAt)), unsignedShort(portAt + 2));
        return Result.DONE;
    }

    /** {@code PROXY TCP4 client server clientport serverport}. */
    private Result readText() {
        String line = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).stripTrailing();
        String[] words = line.split(" +");
        if (!words[0].equals("PROXY")) {
            return bad("unexpected protocol header");
        }
        if (words.length < 2 || !words[1].equals("TCP4") && !words[1].equals("TCP6")) {
            return bad("bad or missing protocol type");
        }
        boolean isIpv4 = words[1].equals("TCP4");
        InetAddress client = address(words, 2, isIpv4);
        if (client == null) {
            return bad("bad or missing client address");
        }
        InetAddress local = address(words, 3, isIpv4);
        if (local == null) {
            return bad("bad or missing server address");
        }
        String clientPort = words.length > 4 ? ClientAttribute.PORT.read(words[4]) : null;
        if (clientPort == null) {
            return bad("bad or missing client port");
        }
        String serverPort = words.length > 5 ? ClientAttribute.PORT.read(words[5]) : null;
        if (serverPort == null) {
            return bad("bad or missing server port");
        }
        server = new InetSocketAddress(local, Integer.parseInt(serverPort));
        peer = new InetSocketAddress(client, Integer.parseInt(clientPort));
        return Result.DONE;
    }

    private static @Nullable InetAddress address(String[] words, int index, boolean isIpv4) {
        InetAddress address = words.length > index && !words[index].startsWith("[") ? IpText.parse(words[index]) : null;
        return address != null && address instanceof Inet4Address == isIpv4 ? address : null;
    }
}
