package dev.leasehold.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.leasehold.gateway.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uses the page as its user does, in Chromium. */
@Timeout(180)
class ConsolePageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir
    private static Path folder;

    private static ConsoleWorld world;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isExecutable(CHROMIUM), "Chromium is not installed.");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
        world = new ConsoleWorld(folder);
    }

    @BeforeEach
    void open() {
        world.forgetsEverything();
        open(1280, ColorScheme.LIGHT);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
            world.close();
        }
    }

    @Test
    void aModelIsDeployedWatchedTalkedWithAndRemoved() {
        world.joins("local", "0.12");
        assertThat(page.getByText("Live", exactly())).isVisible();
        assertThat(page.getByText("Nothing is deployed.")).isVisible();
        page.getByLabel("Name").and(page.locator("#form-starter-chat-name")).fill("chatty");
        page.getByRole(AriaRole.BUTTON, named("Deploy Starter chat (stand-in)")).click();
        assertThat(page.getByText("chatty is on its way.")).isVisible();
        var card = page.getByRole(AriaRole.ARTICLE, new Page.GetByRoleOptions().setName("Deployment chatty"));
        assertThat(card.getByText("Starting")).isVisible();

        var lease = world.wantsALease("chatty");
        world.launches(lease, "local");
        assertThat(card.getByText("launching on local")).isVisible();
        world.loads(lease, "local", 0.41);
        assertThat(card.getByText("loading 41 %")).isVisible();
        assertThat(page.getByLabel("Your message")).isDisabled();
        world.serves(lease, "local");
        assertThat(card.getByText("Serving", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page.locator(".total")).hasText("$0.12 per hour in all");

        talks();
        removes(card);

        assertThat(complaints).isEmpty();
    }

    private void talks() {
        page.getByLabel("Your message").fill("Tell me <b>something</b>.");
        page.getByLabel("Your message").press("Enter");
        var answer = page.locator(".turn.assistant .text");
        world.relay.piece("Once");
        assertThat(answer).hasText("Once");
        world.relay.piece(" upon a <i>time</i>");
        assertThat(answer).hasText("Once upon a <i>time</i>");
        world.relay.done(7);
        assertThat(page.locator(".measured")).containsText("7 tokens");
        assertThat(page.locator(".turn.user .text")).hasText("Tell me <b>something</b>.");
        assertThat(world.relay.asked()).contains("\"model\":\"chatty\"");

        page.getByLabel("Your message").fill("And then?");
        page.getByRole(AriaRole.BUTTON, named("Send")).click();
        world.relay.piece("Then");
        assertThat(answer.last()).hasText("Then");
        assertThat(world.relay.asked()).contains("Once upon a", "And then?");
        page.getByRole(AriaRole.BUTTON, named("Stop")).click();
        assertThat(page.locator(".measured").last()).containsText("stopped");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Send"))).isVisible();
    }

    private void removes(Locator card) {
        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Remove chatty"))
                .click();
        page.getByRole(AriaRole.BUTTON, named("Keep it")).click();
        assertThat(card.getByText("Serving", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Remove chatty"))
                .click();
        page.getByRole(AriaRole.BUTTON, named("Remove").setExact(true)).click();
        assertThat(card.getByText("Being removed")).isVisible();
        world.forgets("chatty");
        assertThat(page.getByText("Nothing is deployed.")).isVisible();
        assertThat(page.getByText("No chat model serves at the moment.")).isVisible();
    }

    @Test
    void anOpenCurlLineStaysOpenWhileOtherThingsChange() {
        var chatty = serving("chatty");
        var card = page.locator("#deployment-chatty");
        card.getByText("Call it with curl").click();
        assertThat(card.locator("pre")).containsText("curl -N http://127.0.0.1:8080/v1/chat/completions");

        deploy("other");
        world.loads(world.wantsALease("other"), "local", 0.5);

        assertThat(page.getByText("loading 50 %")).isVisible();
        assertThat(card.locator("pre")).isVisible();
        world.findsNoOffer(chatty, "No host has 9 GiB free.");
        assertThat(card.getByText("No host has 9 GiB free.")).isVisible();
        assertThat(complaints).isEmpty();
    }

    @Test
    void errorsAreSentencesInThePage() {
        serving("chatty");
        page.locator("#form-starter-chat-name").fill("Not A Name");
        page.getByRole(AriaRole.BUTTON, named("Deploy Starter chat (stand-in)")).click();
        assertThat(page.locator("#form-starter-chat-said")).containsText("this is \"Not A Name\".");

        page.getByLabel("Your message").fill("Hello");
        page.getByLabel("Your message").press("Enter");
        world.relay.refuse(503, "No replica of chatty serves now.");
        assertThat(page.locator("#chat-error")).hasText("No replica of chatty serves now.");
        assertThat(page.getByLabel("Your message")).hasValue("Hello");

        page.getByLabel("Your message").press("Enter");
        world.relay.piece("Hel");
        assertThat(page.locator(".turn.assistant .text")).hasText("Hel");
        world.relay.cut();
        assertThat(page.locator("#chat-error")).hasText("The answer broke off.");
        assertThat(complaints).singleElement().asString().contains("422");
    }

    @Test
    void withoutTheDatabaseThePageSaysSoAndGoesOnWhenItIsBack() {
        serving("chatty");

        world.line.cut();
        assertThat(page.locator(".notice")).containsText("The database does not answer.");
        assertThat(page.locator("#deployment-chatty")).isVisible();
        assertThat(page.getByLabel("Your message")).isEnabled();
        page.getByRole(AriaRole.BUTTON, named("Deploy all-MiniLM-L6-v2")).click();
        assertThat(page.locator("#form-all-minilm-l6-v2-said")).containsText("The database does not answer.");
        world.line.comeBack();

        assertThat(page.locator(".notice")).isHidden();
        assertThat(page.locator("#deployment-chatty")).isVisible();
    }

    @Test
    void aLostEventStreamIsOpenedAgain() {
        try (var line = new Line(world.port())) {
            page.navigate("http://127.0.0.1:" + line.port() + "/");
            assertThat(page.getByText("Live", exactly())).isVisible();

            line.cut();
            assertThat(page.getByText("Reconnecting")).isVisible();
            page.getByRole(AriaRole.BUTTON, named("Deploy all-MiniLM-L6-v2")).click();
            assertThat(page.getByText("The console does not answer.")).isVisible();
            line.comeBack();
            world.joins("elsewhere", "0.07");

            assertThat(page.getByText("Live", exactly())).isVisible();
            assertThat(page.getByText("elsewhere")).isVisible();
        }
    }

    @Test
    void itFitsLargeAndSmallScreensByDayAndByNight() {
        serving("starter-chat");
        deploy("bigger");
        world.findsNoOffer(world.wantsALease("bigger"), "No host has 31.2 GiB free: local has 6.9 GiB.");
        deploy("second");
        world.loads(world.wantsALease("second"), "local", 0.41);
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {1280, 380}) {
                context.close();
                open(width, scheme);
                assertThat(page.getByText("loading 41 %")).isVisible();
                page.getByText("Call it with curl").first().click();
                page.getByLabel("Your message").fill("Tell me a story about a lease.");
                page.getByLabel("Your message").press("Enter");
                world.relay.piece(
                        "Once upon a time a lease was held by a host that went dark in the middle of a sentence,");
                world.relay.piece(" and nobody noticed, since the answer went on somewhere else.");
                world.relay.done(42);
                assertThat(page.locator(".measured")).isVisible();

                assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                        .isLessThanOrEqualTo(width);
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(SCREENSHOTS.resolve(width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
            }
        }
        assertThat(complaints).isEmpty();
    }

    private UUID serving(String name) {
        world.joins("local", "0.12");
        deploy(name);
        var lease = world.wantsALease(name);
        world.serves(lease, "local");
        assertThat(page.locator("#deployment-" + name)
                        .getByText("Serving", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        return lease;
    }

    private void deploy(String name) {
        page.locator("#form-starter-chat-name").fill(name);
        page.getByRole(AriaRole.BUTTON, named("Deploy Starter chat (stand-in)")).click();
        assertThat(page.getByText(name + " is on its way.")).isVisible();
    }

    private void open(int width, ColorScheme scheme) {
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + world.port() + "/");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Page.GetByTextOptions exactly() {
        return new Page.GetByTextOptions().setExact(true);
    }
}
