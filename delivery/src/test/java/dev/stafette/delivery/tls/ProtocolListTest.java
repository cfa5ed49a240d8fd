// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolListTest {
    private static String parsed(String text) {
        Set<TlsVersion> versions = ProtocolList.parse(text);
        return versions == null
                ? "none such"
                : versions.stream().map(TlsVersion::text).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                          | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
                ">=TLSv1                     | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
                ">=TLSv1.2                   | TLSv1.2 TLSv1.3",
                ">=tlsv1.2, <=TLSv1.2        | TLSv1.2",
                "<=TLSv1.1                   | TLSv1 TLSv1.1",
                "!SSLv2, !SSLv3              | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
                "!SSLv2 !SSLv3 !TLSv1        | TLSv1.1 TLSv1.2 TLSv1.3",
                "!SSLv2:!SSLv3:!TLSv1:!TLSv1.1 | TLSv1.2 TLSv1.3",
                "SSLv3, TLSv1                | TLSv1",
                "TLSv1.2 TLSv1.3             | TLSv1.2 TLSv1.3",
                "TLSv1.2, !TLSv1.2           | ''",
                "SSLv3                       | ''",
                ">=0303                      | TLSv1.2 TLSv1.3",
                ">=0x0304                    | TLSv1.3",
                ">=, <=                      | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
                ">=TLSv1.4                   | none such",
                "TLS1.2                      | none such",
                "!                           | none such",
            })
    void takesWhatPostfixTakes(String text, String versions) {
        assertEquals(versions, parsed(text));
    }

    @Test
    void refusesNumbersThatAreNone() {
        assertNull(ProtocolList.parse(">=0xyz"));
    }
}
