// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

/** Whether something is in a list. */
public enum Membership {
    IN,
    OUT,
    /** A table of the list does not answer now. Never taken for one of the others: mail waits. */
    UNKNOWN
}
