// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthoritiesTest {
    private static X509Certificate[] chain(String name) {
        return TestCertificates.FILES.certificates(name).toArray(new X509Certificate[0]);
    }

    private final Authorities authorities =
            new Authorities(TestCertificates.FILES.certificates("ca.pem"), List.of(), 9);

    @Test
    void vouchForWhatTheyHaveSigned() {
        assertNull(authorities.doubtOfServer(chain("server.pem")));
        assertNull(authorities.doubtOfServer(chain("server-ec.pem")));
        assertNull(authorities.doubtOfClient(chain("client.pem")));
    }

    @Test
    void doNotVouchForStrangers() {
        assertNotNull(authorities.doubtOfServer(chain("stranger.pem")));
        assertNotNull(authorities.doubtOfClient(chain("stranger.pem")));
        assertNotNull(Authorities.NONE.doubtOfServer(chain("server.pem")));
    }

    @Test
    void nameCertificatesByTheirDigests() {
        X509Certificate client = chain("client.pem")[0];
        assertEquals(
                "3C:E8:20:09:2E:3C:17:5B:19:B4:DF:5F:B9:35:A7:DB:24:49:3F:BE:6C:61:37:07:4D:66:50:E8:30:EC:8D:54",
                Fingerprint.of("sha256").ofCertificate(client));
        assertEquals(59, Fingerprint.of("SHA1").ofPublicKey(client).length());
        assertEquals(47, Fingerprint.of("md5").ofCertificate(client).length());
        assertThrows(TlsException.class, () -> Fingerprint.of("sha257"));
    }

    @Test
    void areNamedByCommonNameOrOrganization() {
        X509Certificate client = chain("client.pem")[0];
        assertEquals("client.a.test", Handshake.name(client.getSubjectX500Principal(), List.of("CN")));
        assertEquals("Test CA", Handshake.name(client.getIssuerX500Principal(), List.of("CN", "O")));
        assertEquals("", Handshake.name(client.getSubjectX500Principal(), List.of("O")));
    }
}
