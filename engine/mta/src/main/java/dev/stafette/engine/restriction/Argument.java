// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind the name of a restriction and belongs to it.
 * Thread: any (a value).
 */
enum Argument {
    NONE,
    /** {@code type:table}. */
    TABLE,
    /** {@code type:server}. */
    SERVER,
    /** Of a DNS list. */
    DOMAIN,
    SECONDS;

    /** What the log says of an argument that will not do, empty where there is none; null: it will. */
    @Nullable
    String complaint(String name, String argument) {
        return switch (this) {
            case NONE -> null;
            case TABLE ->
                argument.indexOf(':') >= 0
                        ? null
                        : "restriction " + name + ": bad argument \"" + (argument.isEmpty() ? name : argument)
                                + "\": need maptype:mapname";
            case SERVER ->
                argument.indexOf(':') >= 0 ? null : "restriction " + name + " must be followed by transport:server";
            case DOMAIN -> argument.isEmpty() ? "restriction " + name + " requires domain name argument" : null;
            case SECONDS ->
                !argument.isEmpty() && argument.chars().allMatch(c -> c >= '0' && c <= '9')
                        ? null
                        : "restriction " + name + " must be followed by number";
        };
    }

    /** Without it nobody can be let through. */
    boolean isVital() {
        return this != DOMAIN;
    }
}
