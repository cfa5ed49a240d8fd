// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.PublicKeyRecord;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Inquiry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether what a domain publishes fits a key of dkim_key_table.
 * Thread: that of a command.
 *
 * @param key its name in the table
 * @param record where it is in the DNS
 * @param detail for people
 */
public record PublishedKey(String key, String record, State state, String detail) {
    /** How it is. */
    public enum State {
        OK,
        /** Verifiers cannot use it, or do not find it. */
        WRONG,
        /** The DNS has no answer. */
        UNKNOWN
    }

    private static final byte[] PROBE = "who holds the key?".getBytes(StandardCharsets.US_ASCII);

    /** Of all keys of a table; waits for the DNS. */
    public static List<PublishedKey> ofTable(Path keyTable, NameQuestions names) throws IOException {
        List<PublishedKey> found = new ArrayList<>();
        KeyTable.read(keyTable, SigningProvider.fastest()).forEach((name, key) -> found.add(of(name, key, names)));
        return found;
    }

    private static PublishedKey of(String name, SigningKey key, NameQuestions names) {
        if (key.domain().equals("%")) {
            return new PublishedKey(
                    name, key.selector() + "._domainkey.*", State.OK, "of any domain, and not looked up");
        }
        String record = key.selector() + "._domainkey." + key.domain();
        NameAnswer answer = names.ask(RecordType.TXT, record, Inquiry.BLOCKING);
        if (answer.isUnavailable()) {
            return new PublishedKey(name, record, State.UNKNOWN, "no answer: " + answer.why());
        }
        if (!answer.isFound()) {
            return new PublishedKey(name, record, State.WRONG, "there is no such record");
        }
        PublicKeyRecord published = PublicKeyRecord.of(answer.records());
        String mistake = mistake(key, published);
        if (mistake.isEmpty() && answer.records().size() > 1) {
            mistake = "there are " + answer.records().size() + " records, and verifiers may take any of them";
        }
        return mistake.isEmpty()
                ? new PublishedKey(name, record, State.OK, published.isTesting() ? "fits, as a test (t=y)" : "fits")
                : new PublishedKey(name, record, State.WRONG, mistake);
    }

    /** Empty: there is none. */
    private static String mistake(SigningKey key, PublicKeyRecord published) {
        if (!published.mistake().isEmpty()) {
            return published.mistake();
        }
        if (published.algorithm() != key.file().algorithm()) {
            return "the record is for another algorithm than the private key";
        }
        try {
            VerifyingKey verifying = VerifyingKey.of(published);
            List<byte[]> probe = List.of(PROBE);
            if (!verifying.holds(probe, key.sign(probe))) {
                return "the record does not fit the private key";
            }
            return "";
        } catch (GeneralSecurityException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
