// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that answer by chance: every request is reported once, in printable words, and its body released. */
class HostileServerIT {
    private static final long SEED = 20260103;
    private static final int ROUNDS = 20;
    private static final int MESSAGES = 20;

    private static final List<String> ANSWERS = List.of(
            "220 mx.test\r\n",
            "250 ok\r\n",
            "250 ok\r\n",
            "250 ok\r\n",
            "250 ok\r\n",
            "250-a\r\n250 PIPELINING\r\n",
            "250-a\r\n250 PIPELINING\r\n",
            "250-",
            "250 ok\r\n250 ok\r\n",
            "354 go\r\n",
            "354 go\r\n",
            "354 go\r\n",
            "250 ok\r\n250 ok\r\n354 go\r\n",
            "421 4.3.2 bye\r\n",
            "450 4.2.0 later\r\n",
            "452 4.5.3 too many\r\n",
            "550 5.1.1 no\r\n",
            "552 5.2.2 full\r\n",
            "500 what\r\n",
            "\r\n",
            "\0\0",
            "99");

    private static final class Player {
        private final Random random;

        Player(long seed) {
            this.random = new Random(seed);
        }

        void play(FakeSite.Wire wire) throws IOException {
            if (random.nextInt(8) > 0) {
                wire.reply("220 mx.test");
            }
            for (int i = 0; i < 20; i++) {
                if (random.nextInt(40) == 0) {
                    wire.reset();
                    return;
                }
                if (random.nextInt(5) > 0) {
                    String line = wire.readLine();
                    if (line.startsWith("EHLO") && random.nextInt(3) > 0) {
                        wire.send("250-mx.test\r\n250 PIPELINING\r\n");
                        continue;
                    } else if (line.startsWith("DATA") && random.nextInt(3) > 0) {
                        wire.reply("354 go");
                        continue;
                    } else if (line.equals("X: y") || line.equals("z")) {
                        continue;
                    }
                }
                wire.send(ANSWERS.get(random.nextInt(ANSWERS.size())));
            }
        }
    }

    @Test
    void reportsEveryRequestOnceWhateverTheServerSays() throws Exception {
        AtomicInteger connection = new AtomicInteger();
        FakeSite.Script script = wire -> new Player(SEED + connection.getAndIncrement()).play(wire);
        try (FakeSite site = FakeSite.always("127.0.0.1", 0, script);
                Courier courier = new Courier(Courier.impatient(Duration.ofMillis(60)), Courier.routes())) {
            Envelope envelope = Courier.envelope("a@a.test", "u1@b.test", "u2@b.test", "u3@b.test");
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
                List<FileBody> bodies = new ArrayList<>();
                for (int i = 0; i < MESSAGES; i++) {
                    FileBody body = FileBody.of("X: y\nz\n");
                    bodies.add(body);
                    answers.add(courier.send("[127.0.0.1]:" + site.port(), envelope, body));
                }
                for (int i = 0; i < MESSAGES; i++) {
                    DeliveryReport report = Courier.await(answers.get(i));
                    assertEquals(3, report.outcomes().length);
                    for (DeliveryOutcome outcome : report.outcomes()) {
                        assertTrue(outcome.text().chars().noneMatch(Character::isISOControl), outcome.text());
                    }
                    bodies.get(i).awaitRelease();
                }
            }
        }
    }
}
