// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.net.IDN;
import java.util.Locale;

/**
 * What can be called in a value as <code>${name{argument}}</code>.
 * Thread: any (stateless).
 */
enum ExpansionFunction {
    /** A domain with its labels as DNS and old mail systems take them (RFC 5890 §2.3.2.1). */
    DOMAIN_TO_ASCII {
        @Override
        String apply(String argument) {
            return isAscii(argument) ? argument : IDN.toASCII(argument);
        }
    },
    /** The way back. */
    DOMAIN_TO_UTF8 {
        @Override
        String apply(String argument) {
            return isAscii(argument) ? IDN.toUnicode(argument) : argument;
        }
    };

    /** Throws an IllegalArgumentException for an argument that makes no sense. */
    abstract String apply(String argument);

    /** The result; throws a {@link ConfigException} when there is none. */
    static String call(String name, String argument) {
        for (ExpansionFunction function : values()) {
            if (function.name().toLowerCase(Locale.ROOT).equals(name)) {
                try {
                    return function.apply(argument);
                } catch (IllegalArgumentException e) {
                    throw new ConfigException("bad domain argument in: '" + name + "{" + argument + "}'");
                }
            }
        }
        throw new ConfigException("unknown function \"" + name + "\" at\"...>>>" + name + "{" + argument + "}\"");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
