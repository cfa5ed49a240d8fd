// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

/** Records that are taken for not there. Thread: event loop; it does not wait. */
@FunctionalInterface
public interface RecordFilter {
    /** {@code record}: owner, time to live, class, type and value, as in a zone's file: {@code a.test. 60 IN A 192.0.2.1} */
    boolean drops(String record);
}
