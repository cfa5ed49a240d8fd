// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.TlsaRecord;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssociationsTest {
    private static final X509Certificate SERVER = certificate("server.pem");
    private static final X509Certificate CA = certificate("ca.pem");
    private static final X509Certificate STRANGER = certificate("stranger.pem");
    private static final X509Certificate[] CHAIN = {SERVER, CA};
    private static final List<String> NAMES = List.of("mx.b.test");
    private static final List<Integer> DIGESTS = List.of(2, 1);

    private static X509Certificate certificate(String file) {
        return TestCertificates.FILES.certificates(file).get(0);
    }

    private static TlsaRecord record(int usage, int selector, int type, X509Certificate certificate) throws Exception {
        byte[] bytes = selector == 0
                ? certificate.getEncoded()
                : certificate.getPublicKey().getEncoded();
        byte[] data = type == 0
                ? bytes
                : MessageDigest.getInstance(type == 1 ? "SHA-256" : "SHA-512").digest(bytes);
        return new TlsaRecord(usage, selector, type, HexFormat.of().formatHex(data));
    }

    private static Associations of(TlsaRecord... records) {
        return Associations.usable(List.of(records), DIGESTS);
    }

    /** Empty: there is none. */
    private static String doubt(Associations by, X509Certificate[] chain, List<String> names, boolean starSpans) {
        return by.identity(chain, names, starSpans).reason();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"})
    void knowsAServerByItsOwnKey(int selector, int type) throws Exception {
        Associations own = of(record(3, selector, type, SERVER));
        assertEquals("", doubt(own, CHAIN, List.of("another.test"), true), "its name does not count");
        assertEquals("no matching DANE TLSA records", doubt(own, new X509Certificate[] {STRANGER}, NAMES, true));
        assertEquals("no matching DANE TLSA records", doubt(of(record(3, selector, type, CA)), CHAIN, NAMES, true));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"})
    void knowsAServerByWhoVouchesForIt(int selector, int type) throws Exception {
        Associations anchor = of(record(2, selector, type, CA));
        assertEquals("", doubt(anchor, CHAIN, NAMES, true));
        assertEquals("hostname mismatch", doubt(anchor, CHAIN, List.of("another.test"), true));
        assertEquals("no matching DANE TLSA records", doubt(anchor, new X509Certificate[] {STRANGER, CA}, NAMES, true));
        // The whole of it need not be shown, a digest must be.
        assertEquals(
                type == 0 ? "" : "no matching DANE TLSA records",
                doubt(anchor, new X509Certificate[] {SERVER}, NAMES, true));
    }

    @Test
    void takesACertificateForItsOwnAnchorIfItIs() throws Exception {
        assertEquals("", doubt(of(record(2, 1, 1, STRANGER)), new X509Certificate[] {STRANGER}, NAMES, true));
        assertEquals("no matching DANE TLSA records", doubt(of(record(2, 1, 1, SERVER)), CHAIN, NAMES, true));
    }

    @Test
    void findsTheOneThatMatches() throws Exception {
        assertEquals(
                "", doubt(of(record(3, 1, 1, STRANGER), record(2, 0, 1, CA), record(3, 0, 0, CA)), CHAIN, NAMES, true));
    }

    @Test
    void leavesOutWhatCannotBeUsed() throws Exception {
        TlsaRecord good = record(3, 1, 1, SERVER);
        assertTrue(of(
                        record(0, 0, 1, CA),
                        record(1, 1, 1, SERVER),
                        record(4, 1, 1, SERVER),
                        record(3, 2, 1, SERVER),
                        new TlsaRecord(3, 1, 3, good.data()),
                        new TlsaRecord(3, 1, 1, good.data().substring(2)),
                        new TlsaRecord(3, 1, 2, good.data()),
                        new TlsaRecord(3, 0, 0, good.data()),
                        new TlsaRecord(2, 1, 0, good.data()),
                        new TlsaRecord(3, 1, 1, ""))
                .isEmpty());
        assertTrue(Associations.usable(List.of(good), List.of(2)).isEmpty());
    }

    /** RFC 7671 §9. */
    @Test
    void isNotContentWithAWeakerDigest() throws Exception {
        Associations both = of(record(3, 1, 1, SERVER), record(3, 1, 2, STRANGER));
        assertEquals("no matching DANE TLSA records", doubt(both, CHAIN, NAMES, true));
        // Another selector, and the whole, stand beside it.
        assertEquals("", doubt(of(record(3, 0, 1, SERVER), record(3, 1, 2, STRANGER)), CHAIN, NAMES, true));
        assertEquals("", doubt(of(record(3, 1, 0, SERVER), record(3, 1, 2, STRANGER)), CHAIN, NAMES, true));
        assertNull(Associations.usable(both.records(), List.of(1, 2)).isEmpty() ? "none" : null);
    }

    @Test
    void trustNobodyWhereNoneCanBeUsed() throws Exception {
        Associations none = of(record(3, 1, 9, SERVER), record(1, 1, 1, SERVER));
        assertTrue(none.isEmpty());
        assertEquals("unspecified certificate verification error", doubt(none, CHAIN, NAMES, true));
    }
}
