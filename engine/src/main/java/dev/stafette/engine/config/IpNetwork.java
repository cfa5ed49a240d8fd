// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

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
    IpNetwork(byte[] prefix, int prefixLength) {
        this.prefix = prefix;
        this.prefixLength = prefixLength;
    }

    /** A network, or why the text is none in Postfix's words. */
    public record Parsed(@Nullable IpNetwork network, String why) {}

    /** {@code address} or {@code address/length}; IPv6 also in brackets. */
    public static Parsed parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0 && !isNumber(text, slash + 1)) {
            return new Parsed(null, "bad mask value in \"" + text + "\"");
        }
        byte @Nullable [] address = bytesOf(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return new Parsed(null, "bad address pattern: \"" + text + "\"");
        }
        int bits = address.length * 8;
        int length = slash < 0 ? bits : number(text, slash + 1);
        if (length > bits) {
            return new Parsed(null, "bad mask length in \"" + text + "\"");
        }
        byte[] network = masked(address, length);
        if (!Arrays.equals(network, address)) {
            return new Parsed(
                    null,
                    "non-null host address bits in \"" + text + "\", perhaps you should use \""
                            + IpText.format(IpText.of(network)) + "/" + length + "\" instead");
        }
        return new Parsed(new IpNetwork(address, length), "");
    }

    static byte[] masked(byte[] address, int length) {
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
        return address == null ? null : address.getAddress();
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
