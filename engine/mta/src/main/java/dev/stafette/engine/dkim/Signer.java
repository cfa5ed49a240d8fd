// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.Canonicalization;
import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.dkim.SignatureTags;
import dev.stafette.codec.dkim.SignedHeader;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What main.cf says about signatures.
 * Thread: any (it does not change).
 */
final class Signer {
    private static final String KEY_TABLE = "dkim_key_table";
    private static final String TIME_TO_LIVE = "dkim_signature_time_to_live";
    private static final long MS_PER_S = 1000;

    private final KeyChoice choice;
    private final Canonicalization header;
    private final Canonicalization body;
    private final List<String> signed;
    private final List<String> closed;
    private final long timeToLiveS;

    private Signer(Settings settings, KeyChoice choice) {
        String[] forms = settings.choice("dkim_canonicalization").split("/", 2);
        this.choice = choice;
        this.header = form(forms[0]);
        this.body = form(forms[1]);
        this.signed = settings.words("dkim_signed_header_fields");
        this.closed = settings.words("dkim_oversigned_header_fields");
        this.timeToLiveS = settings.time(TIME_TO_LIVE).toSeconds();
        if (signed.stream().noneMatch("From"::equalsIgnoreCase)) {
            throw settings.bad("dkim_signed_header_fields", "names of header fields, From among them");
        }
    }

    /** {@code tables}: opens those of its lists. */
    static Signer of(Settings settings, ListTables tables) {
        String keyTable = settings.text(KEY_TABLE);
        try {
            KeyTable keys = KeyTable.read(Path.of(keyTable), SigningProvider.fastest());
            return new Signer(settings, new KeyChoice(keys, settings.tables("dkim_signing_table", tables)));
        } catch (IOException e) {
            ConfigException bad = settings.bad(KEY_TABLE, "a file with keys that can be read: " + reason(e));
            bad.initCause(e);
            throw bad;
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static Canonicalization form(String word) {
        return word.equals("simple") ? Canonicalization.SIMPLE : Canonicalization.RELAXED;
    }

    KeyChoice choice() {
        return choice;
    }

    Canonicalization body() {
        return body;
    }

    /** One for each of the keys, still to be signed. */
    List<MessageSignature> signatures(
            HeaderFields fields, String authorDomain, List<SigningKey> keys, byte[] bodyHash, long nowMs) {
        SignedHeader covered = SignedHeader.of(fields, header, signed, closed);
        long nowS = nowMs / MS_PER_S;
        List<MessageSignature> signatures = new ArrayList<>(keys.size());
        for (SigningKey key : keys) {
            SignatureTags tags = new SignatureTags(
                    key.file().algorithm(),
                    body,
                    key.domainFor(authorDomain),
                    key.selector(),
                    nowS,
                    timeToLiveS == 0 ? 0 : nowS + timeToLiveS);
            signatures.add(MessageSignature.of(covered, tags, bodyHash));
        }
        return signatures;
    }
}
