// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * One lookup table.
 * Thread: any.
 */
public interface Table extends AutoCloseable {
    /**
     * Answers at once where the answer is in memory or a mapped file; for others, what to do is the inquiry's to say. The
     * key is folded to lower case by the table, where its type does that.
     */
    TableAnswer lookup(String key, Inquiry inquiry);

    /**
     * Whether keys are fixed text, so that parts of an address (@domain, parent domains) make sense as keys; false for
     * patterns.
     */
    boolean isFixedText();

    /** Nothing may be looked up afterwards. */
    @Override
    void close();
}
