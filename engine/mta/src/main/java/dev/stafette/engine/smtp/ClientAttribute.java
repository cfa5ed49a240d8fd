// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.syntax.IpText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a program in front of the server says of the client behind it, by XCLIENT and XFORWARD.
 * Thread: any.
 */
enum ClientAttribute {
    NAME {
        @Override
        @Nullable
        String read(String text) {
            return hostName(text);
        }
    },
    ADDR {
        @Override
        @Nullable
        String read(String text) {
            return address(text);
        }
    },
    PORT {
        @Override
        @Nullable
        String read(String text) {
            return port(text);
        }
    },
    PROTO {
        @Override
        @Nullable
        String read(String text) {
            return text.length() > PROTOCOL_LENGTH_MAX ? null : neutered(text);
        }
    },
    HELO {
        @Override
        @Nullable
        String read(String text) {
            return neutered(text);
        }
    },
    REVERSE_NAME {
        @Override
        @Nullable
        String read(String text) {
            return hostName(text);
        }
    },
    LOGIN {
        @Override
        @Nullable
        String read(String text) {
            return neutered(text);
        }
    },
    DESTADDR {
        @Override
        @Nullable
        String read(String text) {
            return address(text);
        }
    },
    DESTPORT {
        @Override
        @Nullable
        String read(String text) {
            return port(text);
        }
    },
    IDENT {
        @Override
        @Nullable
        String read(String text) {
            return text.length() > IDENT_LENGTH_MAX ? null : neutered(text);
        }
    },
    SOURCE {
        @Override
        @Nullable
        String read(String text) {
            String known = text.toUpperCase(Locale.ROOT);
            return known.equals("LOCAL") || known.equals("REMOTE") ? known : null;
        }
    };

    private static final int PROTOCOL_LENGTH_MAX = 64;
    private static final int IDENT_LENGTH_MAX = 63;
    private static final int PORT_LENGTH_MAX = 5;

    /** What could break a header comment, or a log line. */
    private static final String SPECIALS = "<>()\\\";@";

    /** Null where the text is none of this kind. */
    abstract @Nullable String read(String text);

    private static @Nullable String hostName(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        return DnsReverseLookup.hostName(small.endsWith(".") ? "" : small) == null ? null : text;
    }

    private static @Nullable String address(String text) {
        boolean isPrefixed = text.regionMatches(true, 0, "IPv6:", 0, 5);
        String bare = isPrefixed ? text.substring(5) : text;
        boolean isIpv6 = bare.indexOf(':') >= 0;
        return isIpv6 == isPrefixed && IpText.parse(bare) != null && !bare.startsWith("[") ? bare : null;
    }

    private static @Nullable String port(String text) {
        boolean isNumber = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber && text.length() <= PORT_LENGTH_MAX && Integer.parseInt(text) < 1 << 16 ? text : null;
    }

    private static String neutered(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (SPECIALS.indexOf(out.charAt(i)) >= 0) {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }
}
