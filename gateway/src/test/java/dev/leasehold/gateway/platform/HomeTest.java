package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsSecretIsReadByItsOwnerAlone() throws IOException {
        var home = prepared();

        for (var file : List.of(home.key(), home.secret(), home.joinToken())) {
            assertThat(mode(file)).as("%s", file).isEqualTo("rw-------");
        }
        assertThat(Files.readString(home.key())).matches("sk-lh-[0-9A-Za-z]{40}\n");
        assertThat(Files.readString(home.secret())).matches("[0-9a-f]{64}\n");
    }

    @Test
    void aSecondPreparationChangesNothing() throws IOException {
        var home = prepared();
        var before = contents(home);

        home.prepare(new SecureRandom());

        assertThat(contents(home)).isEqualTo(before);
    }

    @Test
    void aSecretThatOthersCouldReadIsTakenFromThem() throws IOException {
        var home = prepared();
        Files.setPosixFilePermissions(home.key(), PosixFilePermissions.fromString("rw-r--r--"));

        home.prepare(new SecureRandom());

        assertThat(mode(home.key())).isEqualTo("rw-------");
    }

    @Test
    void anEmptyKeyIsNamedAndNotUsed() throws IOException {
        var home = prepared();
        Files.writeString(home.key(), "\n");

        assertThatThrownBy(() -> home.prepare(new SecureRandom()))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining(home.key() + " is damaged");
    }

    @Test
    void aSecretThatIsCutShortIsNamedAndNotUsed() throws IOException {
        var home = prepared();
        Files.writeString(home.secret(), "0123abcd");

        assertThatThrownBy(() -> home.prepare(new SecureRandom()))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining(home.secret() + " is damaged");
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidWithWhatToDo() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        var home = new Home(file.resolve("home"));

        assertThatThrownBy(() -> home.prepare(new SecureRandom()))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--home");
    }

    @Test
    void aReplacedFileIsWholeAndLeavesNothingBeside() throws IOException {
        var file = folder.resolve("file");
        Home.replace(file, "old");

        Home.replace(file, "new");

        assertThat(Files.readString(file)).isEqualTo("new");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    private Home prepared() {
        var home = new Home(folder.resolve("home with ü"));
        home.prepare(new SecureRandom());
        return home;
    }

    private static List<String> contents(Home home) throws IOException {
        var contents = new ArrayList<String>();
        for (var file : List.of(home.key(), home.secret(), home.joinToken(), home.installation())) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
