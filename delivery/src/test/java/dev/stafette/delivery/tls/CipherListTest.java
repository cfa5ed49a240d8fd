// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSsl;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CipherListTest {
    static String names(CipherList list) {
        return list.suites().stream().map(CipherSuite::openSslName).collect(Collectors.joining(":"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EECDH+AESGCM+aRSA        | ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256",
                "AES128-SHA:AES256-SHA    | AES128-SHA:AES256-SHA",
                "AES128-SHA:AES256-SHA:@STRENGTH | AES256-SHA:AES128-SHA",
                "kRSA+AES:!AESGCM         | AES256-SHA:AES128-SHA",
                "AES128-SHA:-AES128-SHA:AES128-SHA | AES128-SHA",
                "!AES128-SHA:AES128-SHA   | ''",
                "kRSA:+AESGCM             | AES256-SHA:AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256",
                "RC4:3DES:DHE-RSA-AES256-SHA | ''",
                "aNULL                    | ''",
            })
    void understandsTheWordsOfOpenssl(String text, String suites) {
        assertEquals(suites, names(CipherList.parse(text)));
    }

    @Test
    void tellsWhatItHasNot() {
        assertEquals(
                Set.of("DHE-RSA-AES256-SHA", "CAMELLIA"),
                CipherList.parse("DHE-RSA-AES256-SHA:CAMELLIA:HIGH:!3DES:+RC4:-aNULL")
                        .unknown());
        assertEquals(
                Set.of(),
                CipherList.parse("aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH").unknown());
    }

    @Test
    void takesAllThatThereIsForPostfixsGrades() {
        List<String> names = CipherList.parse("aNULL:-aNULL:HIGH:@STRENGTH").javaNames();
        assertEquals(CipherSuite.values().length, names.size());
        assertEquals("TLS_AES_256_GCM_SHA384", names.get(0));
    }

    @Test
    void namesSuitesThatBothEnginesHave() throws GeneralSecurityException {
        Set<String> ofJdk = Set.copyOf(Arrays.asList(
                SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
        for (CipherSuite suite : CipherSuite.values()) {
            assertTrue(ofJdk.contains(suite.javaName()), suite.javaName());
            assertTrue(
                    !OpenSsl.isAvailable()
                            || OpenSsl.availableOpenSslCipherSuites().contains(suite.openSslName()),
                    suite.openSslName());
        }
    }
}
