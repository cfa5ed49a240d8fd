// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.config.Settings;
import io.netty.buffer.ByteBufUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a header says of TLS on a message's way (RFC 8689 §3), and writes there what no filter could bring back otherwise.
 * What came with MAIL counts for more (§4.1).
 * Thread: event loop; it has no state of its own.
 */
final class TlsDemandStep implements IntakeStep {
    private static final String REQUIRED_FIELD = "Require-TLS-ESMTP: yes\r\n";
    private static final String WAIVED_FIELD = "TLS-Required: No\r\n";

    private final boolean marksRequired;
    private final boolean readsRequired;
    private final boolean readsWaiver;

    /**
     * {@code marksRequired}: what came with REQUIRETLS says so in its header, too. {@code readsRequired}: a header is as good.
     * {@code readsWaiver}: who wants to do without is heard.
     */
    TlsDemandStep(boolean marksRequired, boolean readsRequired, boolean readsWaiver) {
        this.marksRequired = marksRequired;
        this.readsRequired = readsRequired;
        this.readsWaiver = readsWaiver;
    }

    /** Null: there is nothing to do. */
    static @Nullable TlsDemandStep of(Settings settings) {
        // A row of master.cf may take REQUIRETLS where main.cf does not.
        boolean marks = settings.flag("requiretls_esmtp_header");
        boolean readsWaiver = settings.flag("tls_required_enable");
        return marks || readsWaiver
                ? new TlsDemandStep(marks, marks && settings.flag("requiretls_enable"), readsWaiver)
                : null;
    }

    /** Reports of ours are as what they are about, and TLS reports say so themselves. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        Envelope envelope = message.envelope();
        HeaderFields header = message.header();
        if (envelope.tls() == TlsDemand.REQUIRED) {
            if (marksRequired && !says(header, HeaderName.REQUIRE_TLS_ESMTP, "yes")) {
                put(header, REQUIRED_FIELD);
            }
        } else if (readsRequired && says(header, HeaderName.REQUIRE_TLS_ESMTP, "yes")) {
            message.setEnvelope(envelope.withTls(TlsDemand.REQUIRED));
        } else if (readsWaiver && says(header, HeaderName.TLS_REQUIRED, "no")) {
            message.setEnvelope(envelope.withTls(TlsDemand.WAIVED));
        } else if (envelope.tls() == TlsDemand.WAIVED && message.arrival().entrance() == Entrance.REPORT) {
            put(header, WAIVED_FIELD);
        }
        return StepOutcome.DONE;
    }

    private static void put(HeaderFields header, String field) {
        ByteBufUtil.writeAscii(header.newField(), field);
        header.putLast();
    }

    /** The first such field counts. */
    private static boolean says(HeaderFields header, int name, String word) {
        int index = header.find(name, 0);
        return index >= 0
                && header.value(index).strip().toLowerCase(Locale.ROOT).equals(word);
    }
}
