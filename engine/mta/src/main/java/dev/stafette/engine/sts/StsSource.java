// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import dev.stafette.delivery.tls.TlsFailure;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Where policies come from. Thread: any. */
interface StsSource {
    /**
     * Fetches that of a domain; one of the two hears of it, once, on any thread.
     *
     * @param text gets what the server has sent
     * @param failure gets what kind of failure it is, and why there is nothing
     */
    void fetch(String domain, Consumer<String> text, BiConsumer<TlsFailure, String> failure);
}
