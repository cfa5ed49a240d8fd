// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.TableAnswer;
import java.util.function.Consumer;

/**
 * Whether an address is deliverable, as judgements ask it.
 * Thread: any.
 */
public final class AddressQuestion implements SlowSource {
    private final AddressVerifier verifier;
    private final String service;
    private final long waitMs;

    /** @param service the row of master.cf that is asked; {@code waitMs}: for a probe */
    AddressQuestion(AddressVerifier verifier, String service, long waitMs) {
        this.verifier = verifier;
        this.service = service;
        this.waitMs = waitMs;
    }

    /**
     * What is known of it.
     *
     * @param text why, in words that may come from whatever server
     */
    public record Known(AddressStatus status, String text) {
        static Known of(TableAnswer answer) {
            String value = answer.value();
            AddressStatus status = AddressStatus.of(value.charAt(0) - '0');
            return new Known(status == null ? AddressStatus.PENDING : status, value.substring(1));
        }
    }

    /** Not yet, unavailable, or found, and then {@link #known} reads it. */
    public TableAnswer ask(MailAddress address, Inquiry inquiry) {
        return inquiry.ask(this, AddressVerifier.key(address));
    }

    public Known known(TableAnswer found) {
        return Known.of(found);
    }

    @Override
    public void start(String key, Consumer<TableAnswer> listener) {
        verifier.query(
                service,
                key,
                waitMs,
                entry -> listener.accept(
                        entry == null
                                ? TableAnswer.unavailable(service + " service failure")
                                : TableAnswer.found(entry.status().code() + entry.text())));
    }
}
