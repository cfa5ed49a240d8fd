// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Configurations of the shapes that people have, with what a start and {@code postfix check} say of each. A warning means
 * that something was asked for that is missing; when it is built, its line goes.
 */
class RealSetupsTest {
    private static final Path SETUPS = Path.of("src/test/resources/dev/stafette/engine/config/setups");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amavis-postscreen-hub",
                "backup-mx",
                "container",
                "debian-internet-site",
                "mailing-lists",
                "mysql-virtual-hosting",
                "null-client",
                "sasl-smarthost"
            })
    void warnsOfWhatIsMissingAndOfNothingElse(String setup) throws IOException {
        Configuration configuration = new FakeHost("mx.example.org")
                .file("/etc/mailname", "example.org\n")
                .configuration(text(setup, "main.cf"), text(setup, "master.cf"));
        List<String> said = new ArrayList<>();
        configuration.check(Sections::check).forEach(line -> said.add("warning: " + line));
        for (String note : configuration.notes()) {
            if (note.startsWith("without a meaning")) {
                said.add("check: " + note);
            }
        }
        String all = String.join("\n", said).replace("/etc/stafette/", "") + "\n";
        assertEquals(text(setup, "said.txt"), all);
    }

    /** Every warning of these is about a name that is not built, is called something else today, or is a slip. */
    @ParameterizedTest
    @ValueSource(strings = {"debian-internet-site", "container"})
    void warnsOfNoNameThatHasNoMeaning(String setup) throws IOException {
        for (String line : text(setup, "said.txt").split("\n")) {
            if (line.startsWith("warning: ")) {
                String name = line.substring(line.indexOf('\'') + 1, line.lastIndexOf('\''));
                assertEquals(ParameterUse.NOT_BUILT, ParameterUse.of(name, Set.of()), line);
            }
        }
    }

    private static String text(String setup, String file) throws IOException {
        return Files.readString(SETUPS.resolve(setup).resolve(file));
    }
}
