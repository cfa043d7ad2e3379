"""Finnish things that have a fault: nominative, genitive, partitive, inessive."""

from __future__ import annotations

from devtools.demo.history.words.language import things

THINGS = things(
    water_leak=(
        "vesijohto vesijohdon vesijohtoa vesijohdossa",
        "putkiliitos putkiliitoksen putkiliitosta putkiliitoksessa",
        "jätevesiputki jätevesiputken jätevesiputkea jätevesiputkessa",
        "lämminvesiputki lämminvesiputken lämminvesiputkea lämminvesiputkessa",
        "sulkuventtiili sulkuventtiilin sulkuventtiiliä sulkuventtiilissä",
    ),
    drain=(
        "lattiakaivo lattiakaivon lattiakaivoa lattiakaivossa",
        "viemäri viemärin viemäriä viemärissä",
        "hajulukko hajulukon hajulukkoa hajulukossa",
        "wc-istuin wc-istuimen wc-istuinta wc-istuimessa",
        "pesuallas pesualtaan pesuallasta pesualtaassa",
    ),
    tap=(
        "hana hanan hanaa hanassa",
        "keittiöhana keittiöhanan keittiöhanaa keittiöhanassa",
        "suihkusekoittaja suihkusekoittajan suihkusekoittajaa suihkusekoittajassa",
        "bideesuihku bideesuihkun bideesuihkua bideesuihkussa",
        "termostaattihana termostaattihanan termostaattihanaa termostaattihanassa",
    ),
    heating=(
        "patteri patterin patteria patterissa",
        "lämpöpatteri lämpöpatterin lämpöpatteria lämpöpatterissa",
        "termostaatti termostaatin termostaattia termostaatissa",
        "lattialämmitys lattialämmityksen lattialämmitystä lattialämmityksessä",
        "patteriventtiili patteriventtiilin patteriventtiiliä patteriventtiilissä",
    ),
    ventilation=(
        "ilmanvaihto ilmanvaihdon ilmanvaihtoa ilmanvaihdossa",
        "poistoilmaventtiili poistoilmaventtiilin poistoilmaventtiiliä poistoilmaventtiilissä",
        "liesituuletin liesituulettimen liesituuletinta liesituulettimessa",
        "korvausilmaventtiili korvausilmaventtiilin korvausilmaventtiiliä korvausilmaventtiilissä",
    ),
    moisture=(
        "seinä seinän seinää seinässä",
        "katto katon kattoa katossa",
        "laattasauma laattasauman laattasaumaa laattasaumassa",
        "lattialista lattialistan lattialistaa lattialistassa",
        "väliseinä väliseinän väliseinää väliseinässä",
    ),
    electricity=(
        "pistorasia pistorasian pistorasiaa pistorasiassa",
        "valokatkaisija valokatkaisijan valokatkaisijaa valokatkaisijassa",
        "kattovalaisin kattovalaisimen kattovalaisinta kattovalaisimessa",
        "sulaketaulu sulaketaulun sulaketaulua sulaketaulussa",
        "liiketunnistin liiketunnistimen liiketunnistinta liiketunnistimessa",
    ),
    appliance=(
        "jääkaappi jääkaapin jääkaappia jääkaapissa",
        "pakastin pakastimen pakastinta pakastimessa",
        "liesi lieden liettä liedessä",
        "uuni uunin uunia uunissa",
        "astianpesukone astianpesukoneen astianpesukonetta astianpesukoneessa",
        "jääpakastinkaappi jääpakastinkaapin jääpakastinkaappia jääpakastinkaapissa",
    ),
    door=(
        "ulko-ovi ulko-oven ulko-ovea ulko-ovessa",
        "parvekkeen ovi parvekkeen oven parvekkeen ovea parvekkeen ovessa",
        "lukko lukon lukkoa lukossa",
        "ovipumppu ovipumpun ovipumppua ovipumpussa",
        "ovipuhelin ovipuhelimen ovipuhelinta ovipuhelimessa",
        "saranat saranoiden saranoita saranoissa",
    ),
    window=(
        "ikkuna ikkunan ikkunaa ikkunassa",
        "tuuletusikkuna tuuletusikkunan tuuletusikkunaa tuuletusikkunassa",
        "sälekaihdin sälekaihtimen sälekaihdinta sälekaihtimessa",
        "ikkunatiiviste ikkunatiivisteen ikkunatiivistettä ikkunatiivisteessä",
        "parvekelasi parvekelasin parvekelasia parvekelasissa",
    ),
    surface=(
        "laatta laatan laattaa laatassa",
        "parketti parketin parkettia parketissa",
        "muovimatto muovimaton muovimattoa muovimatossa",
        "tapetti tapetin tapettia tapetissa",
        "kattomaali kattomaalin kattomaalia kattomaalissa",
    ),
    furniture=(
        "kaapinovi kaapinoven kaapinovea kaapinovessa",
        "vetolaatikko vetolaatikon vetolaatikkoa vetolaatikossa",
        "työtaso työtason työtasoa työtasossa",
        "vaatekaappi vaatekaapin vaatekaappia vaatekaapissa",
        "astiankuivauskaappi astiankuivauskaapin astiankuivauskaappia astiankuivauskaapissa",
    ),
    safety=(
        "palovaroitin palovaroittimen palovaroitinta palovaroittimessa",
        "kaide kaiteen kaidetta kaiteessa",
        "poistumistie poistumistien poistumistietä poistumistiessä",
        "häkävaroitin häkävaroittimen häkävaroitinta häkävaroittimessa",
    ),
    pests=(
        "sokeritoukka sokeritoukan sokeritoukkia sokeritoukissa",
        "hiiri hiiren hiiriä hiirissä",
        "muurahainen muurahaisen muurahaisia muurahaisissa",
        "rotta rotan rottia rotissa",
        "riisihäröpari riisihäröparin riisihäröjä riisihäröissä",
    ),
    lift=(
        "hissi hissin hissiä hississä",
        "hissin ovi hissin oven hissin ovea hissin ovessa",
        "hissikori hissikorin hissikoria hissikorissa",
        "kerrosnappi kerrosnapin kerrosnappia kerrosnapissa",
    ),
    cleaning=(
        "rappusiivous rappusiivouksen rappusiivousta rappusiivouksessa",
        "porraskäytävä porraskäytävän porraskäytävää porraskäytävässä",
        "pesulan lattia pesulan lattian pesulan lattiaa pesulan lattiassa",
    ),
    waste=(
        "biojäteastia biojäteastian biojäteastiaa biojäteastiassa",
        "sekajätesäiliö sekajätesäiliön sekajätesäiliötä sekajätesäiliössä",
        "kartonkiastia kartonkiastian kartonkiastiaa kartonkiastiassa",
        "syväkeräysastia syväkeräysastian syväkeräysastiaa syväkeräysastiassa",
    ),
    snow=(
        "jalkakäytävä jalkakäytävän jalkakäytävää jalkakäytävällä",
        "sisäänkäynti sisäänkäynnin sisäänkäyntiä sisäänkäynnissä",
        "pihatie pihatien pihatietä pihatiellä",
        "lumikasa lumikasan lumikasaa lumikasassa",
    ),
    playground=(
        "keinu keinun keinua keinussa",
        "liukumäki liukumäen liukumäkeä liukumäessä",
        "hiekkalaatikko hiekkalaatikon hiekkalaatikkoa hiekkalaatikossa",
        "kiipeilyteline kiipeilytelineen kiipeilytelinettä kiipeilytelineessä",
    ),
    network=(
        "nettiyhteys nettiyhteyden nettiyhteyttä nettiyhteydessä",
        "antennirasia antennirasian antennirasiaa antennirasiassa",
        "laajakaista laajakaistan laajakaistaa laajakaistassa",
    ),
    sauna_stove=(
        "kiuas kiukaan kiuasta kiukaassa",
        "saunan ajastin saunan ajastimen saunan ajastinta saunan ajastimessa",
        "kiuaskivi kiuaskiven kiuaskiviä kiuaskivissä",
        "saunavuoron lukitus saunavuoron lukituksen saunavuoron lukitusta saunavuoron lukituksessa",
    ),
    vandalism=(
        "postilaatikko postilaatikon postilaatikkoa postilaatikossa",
        "ilmoitustaulu ilmoitustaulun ilmoitustaulua ilmoitustaulussa",
        "seinäpinta seinäpinnan seinäpintaa seinäpinnassa",
        "rappukäytävän lasi rappukäytävän lasin rappukäytävän lasia rappukäytävän lasissa",
    ),
    other=(
        "pyykinkuivausteline pyykinkuivaustelineen pyykinkuivaustelinettä pyykinkuivaustelineessä",
        "pesutupa pesutuvan pesutupaa pesutuvassa",
        "naulakko naulakon naulakkoa naulakossa",
        "opaskyltti opaskyltin opaskylttiä opaskyltissä",
    ),
)
