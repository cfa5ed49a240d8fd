// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

/** Records that are taken for not there. Thread: any; it does not wait. */
@FunctionalInterface
public interface RecordFilter {
    /** What becomes of a record. */
    enum Ruling {
        KEEP,
        DROP,
        /** The filter cannot tell, and so nobody can say what the answer is. */
        UNKNOWN
    }

    /** {@code record}: owner, time to live, class, type and value, as in a zone's file: {@code a.test. 60 IN A 192.0.2.1} */
    Ruling rule(String record);
}
