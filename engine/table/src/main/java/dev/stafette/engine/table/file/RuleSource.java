// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a table in their order, from a file or from the braces of {@code type:{ {rule} {rule} }}.
 * Thread: any (a value).
 *
 * @param what type and name, for messages
 */
public record RuleSource(String what, List<Rule> rules) {

    /** {@code number}: of the line, or of the rule within the braces; from 1. */
    public record Rule(String text, int number) {}

    public static RuleSource ofFile(String what, String name, Path file, Consumer<String> warnings) throws IOException {
        List<Rule> rules = new ArrayList<>();
        try (SourceLines lines = new SourceLines(name, Files.newInputStream(file), warnings)) {
            for (@Nullable String line = lines.next(); line != null; line = lines.next()) {
                rules.add(new Rule(SourceLines.trimEnd(line), lines.number()));
            }
        }
        return new RuleSource(what, rules);
    }

    public static RuleSource inline(TableSpec spec) {
        String what = spec.type() + " map";
        List<Rule> rules = new ArrayList<>();
        try {
            for (String word : BraceWords.split(BraceWords.inside(spec.name()))) {
                rules.add(new Rule(BraceWords.inside(word), rules.size() + 1));
            }
        } catch (ConfigException e) {
            throw new ConfigException(what + ": " + e.getMessage());
        }
        return new RuleSource(what + " " + spec.name(), rules);
    }

    public String at(Rule rule) {
        return what + ", line " + rule.number() + ": ";
    }

    /** What opening the file failed with, in Postfix's words. */
    public static ConfigException cannotOpen(String verb, String name, Path file, IOException cause) {
        return new ConfigException(verb + " " + name + ": " + reason(file, cause));
    }

    public static String reason(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (Files.isDirectory(file)) {
            return "Is a directory";
        }
        return Files.exists(file) && !Files.isReadable(file) ? "Permission denied" : String.valueOf(cause.getMessage());
    }

    /** Opens and closes, so that what is wrong is said at once. */
    static void checkReadable(String verb, String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            in.read();
        } catch (IOException e) {
            throw cannotOpen(verb, name, file, e);
        }
    }
}
