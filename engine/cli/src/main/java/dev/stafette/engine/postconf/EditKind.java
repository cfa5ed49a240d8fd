// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

/** What becomes of what is named. */
public enum EditKind {
    /** {@code -e}. */
    SET,
    /** {@code -X}. */
    REMOVE,
    /** {@code -#}. */
    COMMENT_OUT
}
