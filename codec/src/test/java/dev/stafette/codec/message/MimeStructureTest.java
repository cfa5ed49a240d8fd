// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.message.MimeStructure.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimeStructureTest {
    private final List<String> faults = new ArrayList<>();
    private final MimeStructure structure =
            new MimeStructure(2, 10, (fault, content) -> faults.add(fault + ": " + content));

    private Place header(String... fields) {
        for (String field : fields) {
            structure.onField(field);
        }
        return structure.endHeader(true);
    }

    private Place line(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        structure.onBodyLine(bytes, bytes.length);
        return structure.place();
    }

    @Test
    void aMessageWithoutATypeIsOneBody() {
        assertEquals(Place.BODY, header("Subject: x"));
        assertTrue(structure.isPlainBody());
        assertEquals(Place.BODY, line("--x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed; boundary=x",
                "content-type:MULTIPART/Mixed;Boundary=\"x\"",
                "Content-Type: multipart/mixed (a (nested) comment); a=b; boundary = (c) x",
                "Content-Type: multipart/mixed;\n\tboundary=\"\\x\"",
                "Content-Type: multipart; boundary=x",
                "Content-Type: multipart/mixed; boundary=y; boundary=x"
            })
    void findsTheBoundary(String field) {
        assertEquals(Place.BODY, header(field));
        assertFalse(structure.isPlainBody());
        assertEquals(Place.BODY, line("-x"));
        assertEquals(Place.PART_HEADER, line("--x"));
        assertEquals(Place.BODY, header("Content-Type: text/plain"));
        assertEquals(Place.PART_HEADER, line("--x and more"));
        assertEquals(Place.BODY, structure.endHeader(false));
        assertEquals(Place.BODY, line("--x--"));
    }

    @Test
    void aMessageWithinHasAHeaderOfItsOwn() {
        assertEquals(Place.NESTED_HEADER, header("Content-Type: message/rfc822"));
        assertEquals(Place.BODY, header("Subject: x"));
        assertTrue(structure.isPlainBody());
    }

    @Test
    void partsOfADigestAreMessages() {
        header("Content-Type: multipart/digest; boundary=x");
        assertEquals(Place.PART_HEADER, line("--x"));
        assertEquals(Place.NESTED_HEADER, header());
        assertEquals(Place.BODY, header());
    }

    @Test
    void aBoundaryOfAnOuterPartEndsTheInnerOnes() {
        header("Content-Type: multipart/mixed; boundary=outer");
        line("--outer");
        header("Content-Type: multipart/mixed; boundary=inner");
        assertEquals(Place.PART_HEADER, line("--inner"));
        structure.endHeader(true);
        assertEquals(Place.PART_HEADER, line("--outer"));
        structure.endHeader(true);
        assertEquals(Place.BODY, line("--inner"));
        assertEquals(Place.BODY, line("--outer--"));
        assertTrue(structure.isPlainBody());
    }

    @Test
    void comparesTheStartOfALongBoundary() {
        header("Content-Type: multipart/mixed; boundary=0123456789abc");
        assertEquals(Place.PART_HEADER, line("--0123456789xyz"));
    }

    @Test
    void tellsOfMultipartsThatAreTooDeep() {
        for (int i = 0; i < 5; i++) {
            header("Content-Type: multipart/mixed; boundary=" + i);
            line("--" + i);
        }
        assertEquals(List.of("NESTING: Content-Type: multipart/mixed; boundary=4"), faults);
    }

    @Test
    void tellsOfContainersThatAreEncoded() {
        header("Content-Type: multipart/mixed; boundary=x", "Content-Transfer-Encoding: Base64");
        line("--x");
        header("Content-Type: message/rfc822", "Content-Transfer-Encoding: quoted-printable");
        header();
        line("--x");
        header("Content-Type: message/global", "Content-Transfer-Encoding: quoted-printable");
        header();
        line("--x");
        header("Content-Type: message/partial", "Content-Transfer-Encoding: 8bit");
        line("--x");
        header("Content-Type: text/plain", "Content-Transfer-Encoding: base64");
        assertEquals(List.of("ENCODING: base64", "ENCODING: quoted-printable", "ENCODING: 8bit"), faults);
    }

    @Test
    void knowsWhatABodySaysOfItsOctets() {
        header("Content-Type: multipart/mixed; boundary=x", "Content-Transfer-Encoding: 8bit");
        assertTrue(structure.isSevenBit());
        line("--x");
        header("Content-Transfer-Encoding: (as it is) 8bit");
        assertFalse(structure.isSevenBit());
        line("--x");
        header();
        assertTrue(structure.isSevenBit());
    }
}
