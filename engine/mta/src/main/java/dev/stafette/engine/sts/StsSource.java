// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import java.util.function.Consumer;

/** Where policies come from. Thread: any. */
interface StsSource {
    /**
     * Fetches that of a domain; one of the two hears of it, once, on any thread.
     *
     * @param text gets what the server has sent
     * @param failure gets why there is nothing
     */
    void fetch(String domain, Consumer<String> text, Consumer<String> failure);
}
