// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import org.jspecify.annotations.Nullable;

/** Stub. Thread: its owner's (a flyweight). */
public final class AddressParser {
    public enum Result {
        ADDRESS,
        BAD_SYNTAX,
        BAD_UTF8
    }

    public AddressParser(boolean strict) {}

    /** Reads the address that starts at {@code from}; {@link #end()} tells where it ended. */
    public Result parse(byte[] in, int from, int to) {
        throw new UnsupportedOperationException("in work");
    }

    public MailAddress address() {
        throw new UnsupportedOperationException("in work");
    }

    public int end() {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads an address from a file or a command line, leniently; null when it is none. */
    public static @Nullable MailAddress parse(String text) {
        throw new UnsupportedOperationException("in work");
    }
}
