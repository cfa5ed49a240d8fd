// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import org.jspecify.annotations.Nullable;

/** Where the values of macros come from. Thread: event loop. */
public interface MacroSource {
    /** {@code name}: without braces. Null: there is no such macro, or nothing to say in it now. */
    @Nullable
    String value(String name);
}
