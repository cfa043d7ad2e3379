"""The words of the pages: Finnish, Swedish, English."""

from collections.abc import Callable

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
_ORDER = tuple(LANGUAGES)

_TEXTS: dict[str, tuple[str, str, str]] = {
    "banner": (
        "TESTI: tämä ei ole oikea tunnistuspalvelu. Älä anna tänne kenenkään oikeita tietoja.",
        "TEST: det här är ingen riktig identifieringstjänst. Ange inga riktiga personers uppgifter här.",
        "TEST: this is not a real identification service. Do not give anyone's real details here.",
    ),
    "provider": ("Testitunnistus", "Testidentifiering", "Test identification"),
    "languages": ("Kieli", "Språk", "Language"),
    "choose_title": ("Valitse, kuka olet", "Välj vem du är", "Choose who you are"),
    "choose_lead": ("Tunnistaudut palveluun", "Du identifierar dig för tjänsten", "You identify yourself to"),
    "error_title": ("Virhe:", "Fel:", "Error:"),
    "error_choose": (
        "Valitse henkilö tai kirjoita henkilötunnus.",
        "Välj en person eller skriv en personbeteckning.",
        "Choose a person or write a personal identity code.",
    ),
    "persons": ("Testihenkilö", "Testperson", "Test person"),
    "other": ("Joku muu, henkilötunnus:", "Någon annan, personbeteckning:", "Someone else, by identity code:"),
    "identity_code": ("Henkilötunnus", "Personbeteckning", "Personal identity code"),
    "identity_code_hint": (
        "Keksitty tunnus, jonka yksilönumero on 900–999, esimerkiksi 010170-999R.",
        "En påhittad beteckning med individnummer 900–999, till exempel 010170-999R.",
        "A made-up code with an individual number of 900–999, for example 010170-999R.",
    ),
    "given_name": ("Etunimet (vapaaehtoinen)", "Förnamn (frivilligt)", "Given names (optional)"),
    "family_name": ("Sukunimi (vapaaehtoinen)", "Efternamn (frivilligt)", "Family name (optional)"),
    "failure": ("Miten tunnistus päättyy?", "Hur slutar identifieringen?", "How should the identification end?"),
    "failure_hint": (
        "Kokeile, mitä palvelu sanoo, kun jokin menee vikaan.",
        "Pröva vad tjänsten säger när något går fel.",
        "Try what the service says when something goes wrong.",
    ),
    "failure_none": ("Se onnistuu", "Den lyckas", "It succeeds"),
    "failures_callback": ("Paluu virheeseen", "Tillbaka med ett fel", "The person comes back with an error"),
    "failures_endpoint": ("Tunnisteen haku", "Hämtningen av intyget", "Fetching the token"),
    "failures_form": ("Tunnisteen muoto", "Intygets form", "The form of the token"),
    "failures_claims": ("Tunnisteen sisältö", "Intygets innehåll", "What the token says"),
    "identify": ("Tunnistaudu", "Identifiera dig", "Identify yourself"),
    "continue_as": ("Jatka henkilönä", "Fortsätt som", "Continue as"),
    "continue_hint": (
        "Tunnistauduit jo tällä selaimella; tunnistautumisen aika ei muutu.",
        "Du har redan identifierat dig i den här webbläsaren; tidpunkten ändras inte.",
        "You have identified yourself in this browser already; the time of that does not change.",
    ),
    "cancel": ("Keskeytä", "Avbryt", "Cancel"),
    "refused_title": (
        "Tunnistuspyyntöä ei hyväksytty",
        "Begäran om identifiering godtogs inte",
        "The identification request was refused",
    ),
    "refused_lead": (
        (
            "Palvelu, josta tulit, lähetti pyynnön, jota tunnistuspalvelu ei hyväksy. Palaa palveluun selaimen "
            "takaisin-painikkeella."
        ),
        (
            "Tjänsten du kom från skickade en begäran som identifieringstjänsten inte godtar. Gå tillbaka med "
            "webbläsarens bakåtknapp."
        ),
        (
            "The service you came from sent a request that the identification service does not accept. Go back with "
            "your browser's back button."
        ),
    ),
    "refused_why": ("Syy", "Orsak", "Reason"),
    "request_missing": (
        "Pyynnöstä puuttuu allekirjoitettu pyyntöolio (request).",
        "Begäran saknar ett undertecknat begäranobjekt (request).",
        "There is no signed request object (request).",
    ),
    "request_not_signed": (
        "Pyyntöoliota ei ole allekirjoitettu (RS256).",
        "Begäranobjektet är inte undertecknat (RS256).",
        "The request object is not signed (RS256).",
    ),
    "request_key_unknown": (
        "Pyyntöolion allekirjoitusavainta ei ole palvelun avainjoukossa.",
        "Begäranobjektets nyckel finns inte i tjänstens nyckelmängd.",
        "The request object is signed with a key that is not in the service's key set.",
    ),
    "request_signature": (
        "Pyyntöolion allekirjoitus on väärä.",
        "Begäranobjektets underskrift är fel.",
        "The request object's signature is wrong.",
    ),
    "request_parties": (
        "Pyyntöolion iss tai aud on väärä.",
        "Begäranobjektets iss eller aud är fel.",
        "The request object's iss or aud is wrong.",
    ),
    "request_expired": (
        "Pyyntöolio on vanhentunut tai voimassa yli 10 minuuttia.",
        "Begäranobjektet har gått ut eller gäller mer än 10 minuter.",
        "The request object has expired, or is valid for more than 10 minutes.",
    ),
    "client_unknown": (
        "Palvelua ei ole rekisteröity (client_id).",
        "Tjänsten är inte registrerad (client_id).",
        "The service is not registered (client_id).",
    ),
    "client_keys": (
        "Palvelun avaimia ei saatu, niitä ei ole allekirjoitettu, tai salausavain puuttuu.",
        "Tjänstens nycklar kunde inte fås, är inte undertecknade eller saknar krypteringsnyckel.",
        "The service's keys cannot be had, are not signed, or lack an encryption key.",
    ),
    "redirect_unknown": (
        "Paluuosoitetta ei ole rekisteröity (redirect_uri).",
        "Returadressen är inte registrerad (redirect_uri).",
        "The return address is not registered (redirect_uri).",
    ),
    "page_gone": (
        "Tämä sivu on jo käytetty tai vanhentunut. Aloita tunnistus alusta palvelussa.",
        "Den här sidan är redan använd eller har gått ut. Börja om i tjänsten.",
        "This page has been used already, or has expired. Start again in the service.",
    ),
    "index_title": ("Testitunnistus", "Testidentifiering", "Test identification"),
    "index_lead": (
        (
            "Tämä ohjelma esittää tunnistusvälityspalvelua kehityksessä ja testeissä. Kuka tahansa voi olla täällä "
            "kuka tahansa."
        ),
        (
            "Det här programmet spelar en identifieringstjänst i utveckling och test. Här kan vem som helst vara "
            "vem som helst."
        ),
        "This program plays an identification broker in development and tests. Here anyone can be anyone.",
    ),
    "clients": ("Palvelut", "Tjänster", "Services"),
    "documents": ("Asiakirjat", "Dokument", "Documents"),
    "key": ("Allekirjoitusavain", "Nyckel för underskrift", "Signing key"),
    "key_hint": (
        "Uusi avain otetaan käyttöön heti; palvelun on haettava avainjoukko uudelleen.",
        "En ny nyckel tas i bruk genast; tjänsten måste hämta nyckelmängden på nytt.",
        "A new key is used at once; the service has to fetch the key set again.",
    ),
    "rotate": ("Vaihda avain", "Byt nyckel", "Change the key"),
    # Failures, by their own names.
    "login_required": ("Virhe login_required", "Felet login_required", "Error login_required"),
    "invalid_request": ("Virhe invalid_request", "Felet invalid_request", "Error invalid_request"),
    "invalid_scope": ("Virhe invalid_scope", "Felet invalid_scope", "Error invalid_scope"),
    "unauthorized_client": ("Virhe unauthorized_client", "Felet unauthorized_client", "Error unauthorized_client"),
    "server_error": ("Virhe server_error", "Felet server_error", "Error server_error"),
    "temporarily_unavailable": (
        "Virhe temporarily_unavailable",
        "Felet temporarily_unavailable",
        "Error temporarily_unavailable",
    ),
    "other_cancel": (
        "Keskeytys sanalla cancel",
        "Avbrott med ordet cancel",
        "Cancelled with the word cancel",
    ),
    "wrong_state": ("Väärä state", "Fel state", "Wrong state"),
    "wrong_callback_issuer": ("Väärä iss osoitteessa", "Fel iss i adressen", "Wrong iss in the address"),
    "code_used": ("Koodi käytetty (invalid_grant)", "Koden använd (invalid_grant)", "Code used (invalid_grant)"),
    "invalid_client": ("Palvelu torjutaan (invalid_client)", "Tjänsten avvisas (invalid_client)", "invalid_client"),
    "token_unavailable": ("Vastaus 503", "Svar 503", "Answer 503"),
    "token_not_json": ("Vastaus ei ole JSON", "Svaret är inte JSON", "The answer is not JSON"),
    "token_too_large": ("Liian suuri vastaus", "För stort svar", "The answer is too large"),
    "token_slow": ("Hidas vastaus", "Långsamt svar", "The answer is slow"),
    "token_absent": ("Tunniste puuttuu", "Intyget saknas", "There is no ID token"),
    "not_encrypted": ("Salaamaton", "Okrypterat", "Not encrypted"),
    "unsigned": ("Allekirjoittamaton (alg none)", "Utan underskrift (alg none)", "Not signed (alg none)"),
    "signed_hs256": ("Allekirjoitettu HS256:lla", "Undertecknat med HS256", "Signed with HS256"),
    "tampered": ("Muutettu matkalla", "Ändrat på vägen", "Changed on the way"),
    "unknown_key": ("Tuntematon avain (kid)", "Okänd nyckel (kid)", "Unknown key (kid)"),
    "wrong_encryption_key": ("Salattu väärälle avaimelle", "Krypterat till fel nyckel", "Encrypted to another key"),
    "encrypted_rsa1_5": ("Salattu RSA1_5:llä", "Krypterat med RSA1_5", "Encrypted with RSA1_5"),
    "encrypted_a128gcm": ("Salattu A128GCM:llä", "Krypterat med A128GCM", "Encrypted with A128GCM"),
    "wrong_nonce": ("Väärä nonce", "Fel nonce", "Wrong nonce"),
    "no_nonce": ("Ei noncea", "Ingen nonce", "No nonce"),
    "wrong_acr": ("Liian matala taso (acr)", "För låg nivå (acr)", "Level too low (acr)"),
    "no_acr": ("Ei tasoa (acr)", "Ingen nivå (acr)", "No level (acr)"),
    "wrong_audience": ("Toiselle palvelulle (aud)", "Till en annan tjänst (aud)", "For another service (aud)"),
    "wrong_issuer": ("Toinen myöntäjä (iss)", "En annan utfärdare (iss)", "Another issuer (iss)"),
    "expired": ("Vanhentunut", "Utgånget", "Expired"),
    "no_expiry": ("Ei päättymisaikaa (exp)", "Ingen sluttid (exp)", "No expiry (exp)"),
    "from_the_future": ("Tulevaisuudesta (iat)", "Från framtiden (iat)", "From the future (iat)"),
    "old_auth_time": ("Vanha tunnistus (auth_time)", "Gammal identifiering (auth_time)", "Old auth_time"),
    "no_auth_time": ("Ei auth_timea", "Ingen auth_time", "No auth_time"),
    "no_identity_code": ("Ei henkilötunnusta", "Ingen personbeteckning", "No personal identity code"),
    "other_birth_date": ("Toinen syntymäaika", "Ett annat födelsedatum", "Another birth date"),
    "no_names": ("Ei nimiä", "Inga namn", "No names"),
}


def translator(language: str) -> Callable[[str], str]:
    """The words of one language, by key."""
    place = _ORDER.index(language)
    return lambda key: _TEXTS[key][place]
