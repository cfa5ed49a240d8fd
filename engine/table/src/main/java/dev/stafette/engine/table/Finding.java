// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * Whether something is there: a key in a table, a name in a list. The third is never taken for the second: mail waits.
 * Thread: any (a value).
 */
public enum Finding {
    FOUND,
    NOT_FOUND,
    UNAVAILABLE
}
