// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderAddressStepTest {
    private static final AddressClasses CLASSES =
            new AddressClasses(DomainList.of(List.of()), DomainList.of(List.of()), Set.of());

    private static String wire(String text) {
        return text.replace("\n", "\r\n");
    }

    private static String rewritten(String text, boolean rewritesHeader) {
        AddressRewriter rewriter = AddressRewriter.of("here.test", CLASSES);
        IntakeSettings settings = new IntakeSettings(
                "mx",
                "Stafette",
                50,
                0,
                new AddressRules(AddressMappings.NONE, rewriter, null, 100),
                false,
                DroppedFields.DEFAULT,
                false,
                "",
                Set.of(),
                "",
                null,
                null,
                false,
                IntakeSteps.ALL);
        return StepFixture.applied(new HeaderAddressStep(), settings, rewritesHeader, wire(text))
                .replace("\r\n", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "To: joe|To: joe@here.test",
                "to:joe|to: joe@here.test",
                "From: Joe <joe>|From: Joe <joe@here.test>",
                "Cc: a@b.c, joe, (j) jim|Cc: a@b.c, joe@here.test, jim@here.test (j)",
                "Reply-To: list: joe, a@b.c;|Reply-To: list: joe@here.test, a@b.c;",
                "Sender: \"a b\"|Sender: \"a b\"@here.test",
                "Resent-To: site!joe|Resent-To: joe@site",
                "To: joe%site|To: joe@site",
                "To: <>|To: <>",
                "To: a@b.c|To: a@b.c",
                "To: a@b.c.|To: a@b.c",
                "To: <a@b.c.> |To: <a@b.c>",
                "To: Foo Bar <a@b.c>|To: Foo Bar <a@b.c>",
                "Subject: joe|Subject: joe",
                "Total: joe|Total: joe",
                "X: y|X: y"
            })
    void completesAddresses(String before, String after) {
        assertEquals(after + "\nX: z\n\nTo: joe\n", rewritten(before + "\nX: z\n\nTo: joe\n", true));
        assertEquals("X: z\n" + after + "\n\nx\n.\n", rewritten("X: z\n" + before + "\n\nx\n.\n", true));
    }

    @Test
    void foldsWhatChangesAndNothingElse() {
        assertEquals(
                "To: a@b.c, joe@here.test, jim@here.test\nSubject: x\n y\nCc: me@here.test\n\nx\n",
                rewritten("To: a@b.c,\n\tjoe,\n jim\nSubject: x\n y\nCc: me\n\nx\n", true));
    }

    @Test
    void leavesOtherPeoplesMailAlone() {
        assertEquals("To: joe\n\nx\n", rewritten("To: joe\n\nx\n", false));
    }

    @Test
    void leavesTextThatIsNoHeaderAlone() {
        assertEquals("\nhello\nTo: joe\n.\n", rewritten("hello\nTo: joe\n.\n", true));
    }

    @Test
    void leavesAFieldWhoseEndHasNotComeAlone() {
        assertEquals("X: y\nTo: joe\n", rewritten("X: y\nTo: joe\n", true));
    }
}
