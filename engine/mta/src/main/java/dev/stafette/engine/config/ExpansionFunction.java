// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be called in a value as <code>${name{argument}}</code>.
 * Thread: any (stateless).
 */
enum ExpansionFunction {
    /** A domain with its labels as DNS and old mail systems take them (RFC 5890 §2.3.2.1). */
    DOMAIN_TO_ASCII {
        @Override
        @Nullable
        String apply(String argument) {
            return InternationalDomain.toAscii(argument);
        }
    },
    /** The way back. */
    DOMAIN_TO_UTF8 {
        @Override
        @Nullable
        String apply(String argument) {
            return InternationalDomain.toUnicode(argument);
        }
    };

    /** Null for an argument that makes no sense. */
    abstract @Nullable String apply(String argument);

    /** The result; throws a {@link ConfigException} when there is none. */
    static String call(String name, String argument) {
        for (ExpansionFunction function : values()) {
            if (function.name().toLowerCase(Locale.ROOT).equals(name)) {
                String result = function.apply(argument);
                if (result == null) {
                    throw new ConfigException("bad domain argument in: '" + name + "{" + argument + "}'");
                }
                return result;
            }
        }
        throw new ConfigException("unknown function \"" + name + "\" at\"...>>>" + name + "{" + argument + "}\"");
    }
}
