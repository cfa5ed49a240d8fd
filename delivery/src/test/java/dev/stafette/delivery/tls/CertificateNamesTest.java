// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
    @ParameterizedTest
    @CsvSource({
        "*.wild.test, a.wild.test,   true,  true",
        "*.wild.test, a.wild.test,   false, true",
        "*.wild.test, a.b.wild.test, true,  true",
        "*.wild.test, a.b.wild.test, false, false",
        "*.wild.test, wild.test,     true,  false",
        "*.wild.test, xwild.test,    true,  false",
        "*.wild.test, .wild.test,    true,  true",
        "*,           a,             true,  false",
        "A.test,      a.Test,        false, true"
    })
    void letAStarStandForLabels(String certified, String wanted, boolean spansLabels, boolean outcome) {
        assertEquals(outcome, CertificateNames.matches(certified, wanted, spansLabels));
    }
}
