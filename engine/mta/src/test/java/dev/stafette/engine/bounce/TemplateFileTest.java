// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is compared with Postfix's own reading of such files is in PostconfIT. */
class TemplateFileTest {
    private static final Map<String, ReportTemplate> BUILT_IN = Map.of(
            "failure", new ReportTemplate("", "failure", "us-ascii", "me", "Failed", "Copy", "Words.\n"),
            "success", new ReportTemplate("", "success", "us-ascii", "me", "Sent", null, "Words.\n"));
    private Map<String, ReportTemplate> templates = BUILT_IN;
    private final List<String> warnings = new ArrayList<>();

    private void read(String text) {
        templates = new TemplateFile("f", text.replace('/', '\n'), warnings::add).replaceIn(BUILT_IN);
    }

    private String source(String name) {
        ReportTemplate template = templates.get(name);
        return template == null ? "" : template.source();
    }

    @Test
    void takesWhatTheFileDoesNotSayFromTheBuiltInOne() {
        read("# first/failure_template = <<X/Subject: New//One $a./ X//X/success_template=Two./");
        assertEquals(List.of(), warnings);
        assertEquals(
                "failure_template = <<EOF\nCharset: us-ascii\nFrom: me\nSubject: New\nPostmaster-Subject: Copy\n\nOne $a.\n"
                        + " X\n\nEOF\n",
                source("failure"));
        assertEquals(
                "success_template = <<EOF\nCharset: us-ascii\nFrom: me\nSubject: Sent\n\nTwo.\nEOF\n",
                source("success"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        failure_template = <<X/Charset: no such//x/X | f: unsupported "Charset" header value in failure template -- ignoring this template
        failure_template = <<X/Charset: rot13//x/X | f: unsupported "Charset" header value in failure template -- ignoring this template
        failure_template = <<X/From:/x/X | f: empty "From" header value in failure template -- ignoring this template
        failure_template = | f: missing message text in failure template -- ignoring this template
        """)
    void leavesOutWhatMakesNoSense(String text, String warning) {
        read("failure_template = before/" + text);
        assertEquals(List.of(warning), warnings);
        assertEquals(BUILT_IN, templates);
    }

    @Test
    void knowsWhichTemplatesThereAre() {
        read("failure = x/success_template = <<X/Postmaster-Subject: a//x/X");
        assertEquals(
                List.of(
                        "f, line 1: unknown template name: failure -- ignoring this template",
                        "f: inapplicable \"Postmaster-Subject\" header label in success template -- ignoring this template"),
                warnings);
        assertEquals(BUILT_IN, templates);
    }

    @Test
    void namesTheLineOfWhatIsNoTemplate() {
        ConfigException e = assertThrows(ConfigException.class, () -> read("failure_template = x//success_template/"));
        assertEquals("f, line 3: missing '=' after attribute name: \"success_template\"", e.getMessage());
    }
}
