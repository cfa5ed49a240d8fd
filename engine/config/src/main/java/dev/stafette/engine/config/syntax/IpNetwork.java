// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network of addresses, or one of them alone.
 * Thread: any (a value).
 */
public final class IpNetwork {
    private final byte[] prefix;
    private final int prefixLength;

    /** No bit of the prefix is set beyond its length. */
    public IpNetwork(byte[] prefix, int prefixLength) {
        this.prefix = prefix;
        this.prefixLength = prefixLength;
    }

    /** A network, or why the text is none in Postfix's words. */
    public record Parsed(@Nullable IpNetwork network, String why) {}

    /** {@code address} or {@code address/length}; with brackets around the address, or around all of it. */
    public static Parsed parse(String text) {
        String pattern = text;
        String rest = "";
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                return wrong("missing ']' character after \"" + text + "\"");
            }
            pattern = text.substring(1, close);
            rest = text.substring(close + 1);
            if (!rest.isEmpty() && rest.charAt(0) != '/') {
                return wrong("garbage after \"[" + pattern + "]\"");
            }
        }
        if (rest.isEmpty()) {
            int slash = pattern.indexOf('/');
            rest = slash < 0 ? "" : pattern.substring(slash);
            pattern = slash < 0 ? pattern : pattern.substring(0, slash);
        }
        return parse(pattern, rest);
    }

    /** {@code rest}: empty, or the length behind a slash. */
    private static Parsed parse(String pattern, String rest) {
        int bits = pattern.indexOf(':') < 0 ? 32 : 128;
        String shown = "\"" + pattern + rest + "\"";
        boolean hasLength = !rest.isEmpty();
        if (hasLength && !isNumber(rest, 1)) {
            return wrong("bad mask value in " + shown);
        }
        int length = hasLength ? number(rest, 1) : bits;
        if (length > bits) {
            return wrong("bad mask length in " + shown);
        }
        byte @Nullable [] address = bytesOf(pattern);
        if (address == null) {
            return wrong((hasLength ? "bad network value in " : "bad address pattern: ") + shown);
        }
        byte[] network = masked(address, length);
        if (!Arrays.equals(network, address)) {
            return wrong("non-null host address bits in " + shown + ", perhaps you should use \""
                    + IpText.format(IpText.of(network)) + "/" + length + "\" instead");
        }
        return new Parsed(new IpNetwork(address, length), "");
    }

    private static Parsed wrong(String why) {
        return new Parsed(null, why);
    }

    public static byte[] masked(byte[] address, int length) {
        byte[] network = address.clone();
        for (int i = 0; i < network.length; i++) {
            int bits = Math.max(0, Math.min(8, length - 8 * i));
            network[i] &= (byte) (0xff << 8 - bits);
        }
        return network;
    }

    private static boolean isNumber(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < text.length();
    }

    private static int number(String text, int from) {
        int value = 0;
        for (int i = from; i < text.length() && value < 1000; i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private static byte @Nullable [] bytesOf(String text) {
        InetAddress address = IpText.parse(text);
        if (address == null) {
            return null;
        }
        byte[] bytes = address.getAddress();
        // Java takes an IPv4 address that is written as an IPv6 one for the former.
        return bytes.length == 4 && text.indexOf(':') >= 0 ? mapped(bytes) : bytes;
    }

    /** RFC 4291 §2.5.5.2. */
    private static byte[] mapped(byte[] ipv4) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, 12, ipv4.length);
        return bytes;
    }

    /** Null when the text is no address; one in brackets is none. */
    public static byte @Nullable [] addressOf(String text) {
        return text.isEmpty() || text.charAt(0) == '[' ? null : bytesOf(text);
    }

    /** Whether the address is of IPv4 or IPv6 as the network is. */
    public boolean isOfFamily(byte[] address) {
        return address.length == prefix.length;
    }

    public boolean contains(byte[] address) {
        if (!isOfFamily(address)) {
            return false;
        }
        int whole = prefixLength >> 3;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int rest = prefixLength & 7;
        int mask = 0xff << 8 - rest & 0xff;
        return rest == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0;
    }
}
