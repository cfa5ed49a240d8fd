// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter does for whoever sets it. Every name of ours and of Postfix's has one of the first three.
 * Thread: any (a value).
 */
enum ParameterUse {
    IN_USE,
    /** Set to something else than its default, it asks for what is missing. */
    NOT_BUILT,
    /** What it steers is not there, or is always as one would want it: nobody misses anything. */
    NO_MEANING,
    /** Nobody's but the user's. */
    UNKNOWN;

    /** {@code services}: of master.cf, whose names begin those of some parameters. */
    static ParameterUse of(String name, Collection<String> services) {
        Parameter parameter = Parameters.table().find(name, services);
        if (parameter != null) {
            return switch (parameter.applies()) {
                case RELOAD, RESTART -> IN_USE;
                case NOT_YET -> NOT_BUILT;
                case NEVER -> NO_MEANING;
            };
        }
        PostfixNames.@Nullable Entry entry = PostfixNames.known().find(name, services);
        if (entry == null) {
            return UNKNOWN;
        }
        return entry.reason() == null ? NOT_BUILT : NO_MEANING;
    }
}
