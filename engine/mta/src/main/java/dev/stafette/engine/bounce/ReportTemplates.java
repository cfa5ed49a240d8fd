// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The templates of all kinds of reports: those of a file, and where it has none the built-in ones.
 * Thread: start-up, reload and main.
 */
public final class ReportTemplates {
    private static final String BUILT_IN = "templates.txt";

    private static final String FROM = "From: Mail Delivery System <MAILER-DAEMON>";
    private static final String OBSOLETE_FROM = "From: MAILER-DAEMON (Mail Delivery System)";

    /** In the order in which they are listed. */
    private final Map<String, ReportTemplate> templates;

    private ReportTemplates(Map<String, ReportTemplate> templates) {
        this.templates = templates;
    }

    private static Map<String, ReportTemplate> builtIn(Settings settings) {
        Map<String, ReportTemplate> empty = new LinkedHashMap<>();
        for (String name : List.of("failure", "delay", "success", "verify")) {
            String copy = name.equals("failure") || name.equals("delay") ? "" : null;
            empty.put(name, new ReportTemplate("", name, "us-ascii", "", "", copy, ""));
        }
        boolean isObsolete = settings.choice("header_from_format").equals("obsolete");
        String text = isObsolete ? builtInText().replace(FROM, OBSOLETE_FROM) : builtInText();
        return new TemplateFile("", text, warning -> {
                    throw new IllegalStateException(warning);
                })
                .replaceIn(empty);
    }

    private static String builtInText() {
        try (InputStream in = ReportTemplates.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + BUILT_IN);
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of {@code bounce_template_file}, as the other. */
    static ReportTemplates of(Settings settings, Consumer<String> warnings) {
        return read(settings.text("bounce_template_file"), settings, warnings);
    }

    /**
     * {@code file}: empty for those that are built in, which are worded as {@code header_from_format} has it. Throws a
     * {@link ConfigException} if it cannot be read.
     */
    public static ReportTemplates read(String file, Settings settings, Consumer<String> warnings) {
        if (file.isEmpty()) {
            return new ReportTemplates(builtIn(settings));
        }
        try {
            String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
            return new ReportTemplates(new TemplateFile(file, text, warnings).replaceIn(builtIn(settings)));
        } catch (IOException e) {
            throw new ConfigException("open " + file + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        return e instanceof AccessDeniedException ? "Permission denied" : String.valueOf(e.getMessage());
    }

    /** As a template file; a character is a byte. */
    public String source() {
        List<String> all = new ArrayList<>();
        for (ReportTemplate template : templates.values()) {
            all.add(template.source());
        }
        return String.join("\n", all);
    }

    /** The texts as they are sent; a character is a byte. */
    public String expanded(Settings settings, Consumer<String> warnings) {
        TemplateNames names = new TemplateNames(settings, warnings);
        List<String> all = new ArrayList<>();
        for (ReportTemplate template : templates.values()) {
            all.add("expanded_" + template.name() + "_text = <<EOF\n" + template.expanded(names) + "EOF\n");
        }
        return String.join("\n", all);
    }

    Map<DsnKind, ReportWording> wordings(Settings settings, Consumer<String> warnings) {
        TemplateNames names = new TemplateNames(settings, warnings);
        Map<DsnKind, ReportWording> wordings = new EnumMap<>(DsnKind.class);
        for (DsnKind kind : DsnKind.values()) {
            String name = switch (kind) {
                case FAILURE -> "failure";
                case DELAY -> "delay";
                case SUCCESS -> "success";
                case VERIFY -> "verify";
            };
            ReportTemplate template = templates.get(name);
            if (template != null) {
                wordings.put(kind, template.wording(names));
            }
        }
        return wordings;
    }
}
