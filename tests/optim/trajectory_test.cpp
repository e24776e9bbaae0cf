// trajectory_test: trajectories of optimizers, compared with those of PyTorch and of the papers'
// formulas.
#include <doctest/doctest.h>

#include "core/parallel.hpp"
#include "optim/algorithms/lamb.hpp"
#include "optim/algorithms/lars.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/algorithms/sgd.hpp"
#include "tests/optim/problem.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

struct Trajectory {
  std::string name;
  double lr;
  OptionValues options;
  std::vector<double> end;  ///< after 50 steps
};

// Computed by PyTorch 1.13, NAdam's by its formula: PyTorch has Mₜ in f32.
const std::vector<Trajectory> of_pytorch{
    {"sgd",
     0.1,
     {},
     {-0.11667827293228447, -0.09986883939597092, 0.00875954451224907, 0.10933444359261617,
      0.10938775945555203, 0.0088704737425524, 0.18611713776794034, 0.04828411709075536,
      -0.13394109816605546, -0.19302148547001655}},
    {"sgd",
     0.1,
     {{"weight_decay", 0.02}},
     {-0.11979990111589131, -0.0954452042532849, 0.016661373231680956, 0.11344956100529849,
      0.1059327455901009, 0.0010218524132508285, 0.17834462049741026, 0.04050535581754776,
      -0.13457434620094913, -0.18592701494368802}},
    {"momentum",
     0.05,
     {{"momentum", 0.9}, {"dampening", 0.3}, {"weight_decay", 0.02}},
     {-0.009754422563081894, -0.12039617425886581, -0.12034623857645248, -0.009650526151963691,
      0.10991783551095864, 0.12842824611717596, 0.14429101515839485, 0.14159255124571396,
      0.008714548705229258, -0.13217556972564268}},
    {"nag",
     0.05,
     {{"momentum", 0.8}, {"weight_decay", 0.02}},
     {-0.14365180726122298, -0.12598902663149789, 0.0075074840550623445, 0.13410164852393433,
      0.1374033757813385, 0.01437707301351362, 0.1528618532744648, 0.056933028574618544,
      -0.09133976003661837, -0.15563519450507352}},
    {"adam",
     0.03,
     {},
     {0.10707955546067217, -0.201660931677361, -0.3763657148515943, -0.15213293673863684,
      0.1605119434032441, 0.373231735452168, 0.37620526120477593, 0.3694032572256697,
      0.01801741084723038, -0.33973885843680385}},
    {"adam",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-3}, {"weight_decay", 0.05}, {"amsgrad", true}},
     {0.11992507267352213, -0.19548710040109918, -0.38134433859231415, -0.16466019923033406,
      0.1527795574902147, 0.37709853410767696, 0.3736208820027849, 0.37043712956442915,
      0.02618064967476404, -0.33385387718226617}},
    {"adamw",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"weight_decay", 0.1}},
     {0.10912927934370092, -0.18310538408810711, -0.3410607010317679, -0.14973650685364695,
      0.1443790279948264, 0.33795527062446346, 0.3391148403624261, 0.33362805446743604,
      0.02440673866773492, -0.30775134093599393}},
    {"adamw",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"amsgrad", true}},
     {0.13143416858849985, -0.21139003527899614, -0.40559854481896646, -0.17881812779831624,
      0.16532332413508058, 0.40115439895298843, 0.3989047093923497, 0.39447859213803216,
      0.029642280066351657, -0.3610408977610325}},
    {"adagrad",
     0.1,
     {},
     {0.11171671800511875, -0.2760276540512935, -0.46823780918319413, -0.16184758810652497,
      0.22455401679495635, 0.4684526469318794, 0.5363097741962833, 0.47016795661735455,
      0.004317906963990887, -0.505109954650693}},
    {"adagrad",
     0.1,
     {{"lr_decay", 0.02},
      {"initial_accumulator_value", 0.3},
      {"eps", 1e-3},
      {"weight_decay", 0.05}},
     {0.19394432870294034, -0.29656830950885943, -0.5417386009428996, -0.26296196824486945,
      0.23322377052207754, 0.5373633327594342, 0.5380730140117393, 0.5320585426996642,
      0.02109247668973327, -0.48978335232346326}},
    {"rmsprop",
     0.02,
     {},
     {-0.05817542971597142, -0.16774075252579249, -0.16698195284007233, 0.04141501433541204,
      0.15584410702500384, 0.1799256432221134, 0.3159841331498244, 0.20532776373422637,
      -0.0636693341662996, -0.31227929957270556}},
    {"rmsprop",
     0.005,
     {{"alpha", 0.95}, {"eps", 1e-6}, {"momentum", 0.8}, {"weight_decay", 0.05}},
     {0.0619427744109812, -0.20386948729479681, -0.3342966201502369, -0.09779080740340025,
      0.16843326925250166, 0.3372038465456451, 0.398780124449069, 0.34103042896149605,
      0.008651356955923348, -0.37430433960784826}},
    {"rmsprop",
     0.005,
     {{"alpha", 0.95}, {"eps", 1e-6}, {"momentum", 0.8}, {"centered", true}},
     {0.05638360997525014, -0.21910354439864613, -0.33257014090625464, -0.09221043734475069,
      0.18368420331542423, 0.336673254438885, 0.4027676832648468, 0.3439347926140034,
      0.007905118322319224, -0.38166338126010874}},
    {"rmsprop",
     0.01,
     {{"alpha", 0.9}, {"centered", true}},
     {0.2900759899311346, -0.32891238208584667, -0.6640909989138086, -0.3659365248033497,
      0.24536035567118736, 0.6527098498027982, 0.6459676768874475, 0.6344089795609197,
      0.06001500090608636, -0.5943241466987821}},
    {"adadelta",
     1,
     {},
     {0.47210915202192366, -0.38245919680783974, -0.8974504716242592, -0.573793198400725,
      0.2641575806789903, 0.8711989758642303, 0.7543224308895597, 0.8254089034911183,
      0.1150568096939035, -0.6773665886974722}},
    {"adadelta",
     0.5,
     {{"rho", 0.95}, {"eps", 1e-4}, {"weight_decay", 0.05}},
     {0.16908854950997507, -0.22105436095085462, -0.43315385120682315, -0.2173869071062107,
      0.1691874473631518, 0.4383680729295033, 0.3678350387344323, 0.4135461353008784,
      -0.0021604873033271195, -0.38792642565910695}},
    {"nadam",
     0.03,
     {},
     {0.13547110346109303, -0.19997036887312755, -0.397902713619978, -0.18333784712307577,
      0.15574292576474943, 0.39111049277576815, 0.3998239387222663, 0.3822831988426397,
      0.005582775212968592, -0.36614660785543957}},
    {"nadam",
     0.03,
     {{"beta1", 0.8},
      {"beta2", 0.95},
      {"eps", 1e-3},
      {"weight_decay", 0.05},
      {"momentum_decay", 0.01}},
     {0.11652968467301711, -0.18634997041694537, -0.3602376120829625, -0.16030488248550975,
      0.1466313131155761, 0.35544365901439395, 0.37569335470199544, 0.3495970734677628,
      4.9496217350009086e-05, -0.3425888134533496}},
    {"adamax",
     0.03,
     {},
     {0.20740434275441524, -0.2915856058056573, -0.5994797662161374, -0.2737445021268997,
      0.2149679622409963, 0.590100919810187, 0.5735348691808198, 0.5649264731142832,
      0.05088487148114856, -0.5178622047351624}},
    {"adamax",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-3}, {"weight_decay", 0.05}},
     {0.1909281399543314, -0.257580445662252, -0.5224962635801267, -0.2445511156146581,
      0.19739119541869266, 0.512594825575663, 0.4999564009032931, 0.489304290017496,
      0.05912059732062028, -0.44606592604674017}},
    {"radam",
     0.03,
     {},
     {0.3953420665968364, -0.44844913867881053, -0.889897556054059, -0.5037141408470974,
      0.33655094348371806, 0.8758516937494752, 0.8091757860957982, 0.8519089492141735,
      0.10682817236212244, -0.73038746039815}},
    {"radam",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-3}, {"weight_decay", 0.05}},
     {0.20836468703248623, -0.2627765312613757, -0.5321530433504995, -0.273932314660557,
      0.19944566059522617, 0.5238632820083063, 0.4865245245950083, 0.5103062991868427,
      0.05070509325948762, -0.4351913226907152}},
};

// Computed by the papers' formulas in NumPy.
const std::vector<Trajectory> of_papers{
    {"lion",
     0.01,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"weight_decay", 0.1}},
     {0.16272657942510227, -0.23866494389172402, -0.4918480902667449, -0.1927632649929582,
      0.1712241076832605, 0.4634810363169563, 0.388755291214647, 0.41509048572923807,
      0.017581586694164993, -0.3274720402176523}},
    {"lamb",
     0.02,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-4}, {"weight_decay", 0.1}},
     {0.20784914406271435, -0.23919513797577946, -0.4896394285646611, -0.26618765613637313,
      0.17911717433792199, 0.4808162402631801, 0.4457576220631196, 0.4209271414044433,
      0.007944446129637895, -0.41027430258786385}},
    {"lars",
     2,
     {{"momentum", 0.8}, {"trust_coefficient", 0.02}, {"weight_decay", 0.1}},
     {-0.01500975990867744, -0.12239641165764778, -0.11725236698854877, -0.0043070368471727054,
      0.11259816310857587, 0.12598113117533352, 0.13022725759092169, 0.08056602441144614,
      -0.04316724006265535, -0.12721274309907848}},
    {"adam",
     0.03,
     {{"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-3}, {"bias_correction", false}},
     {0.09317873049310285, -0.18254834642626955, -0.32475121342349655, -0.1326618595578548,
      0.14649031838009152, 0.3234247285142289, 0.3386971872803095, 0.3228609217121795,
      0.012209657584501652, -0.3076886507427988}},
};

void check_values(const std::vector<double>& got, const std::vector<double>& wanted) {
  REQUIRE(got.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-12).scale(1));
}

void check_end(const Trajectory& trajectory) {
  CAPTURE(trajectory.name);
  Problem problem;
  const auto optimizer =
      optimizers().find(trajectory.name)(problem.parameters(), trajectory.lr, trajectory.options);
  problem.take_steps(*optimizer, 0, 50);
  CHECK(optimizer->steps() == 50);
  check_values(problem.values(), trajectory.end);
}

// Sutskever's momentum under a rate that falls at every step.
void check_sutskever(const SGDOptions& options, const std::vector<double>& end) {
  Problem problem;
  SGD optimizer(problem.parameters(), options);
  for (int step = 0; step < 50; ++step) {
    optimizer.set_lr(0.05 / (1 + 0.1 * (step + 1)));
    problem.take_steps(optimizer, step, step + 1);
  }
  check_values(problem.values(), end);
}

}  // namespace

TEST_CASE("50 steps over two tensors end where PyTorch's end") {
  for (const Trajectory& trajectory : of_pytorch) check_end(trajectory);
}

TEST_CASE("50 steps of optimizers that PyTorch lacks end where the papers' formulas end") {
  for (const Trajectory& trajectory : of_papers) check_end(trajectory);
}

TEST_CASE("Sutskever's momentum has the learning rate inside the velocity") {
  check_sutskever(
      {.momentum = 0.8, .dampening = 0.3, .style = MomentumStyle::sutskever, .weight_decay = 0.02},
      {0.01372110583627481, -0.1345564414547871, -0.15912341701114008, -0.03739305680268627,
       0.1187163073832408, 0.16567844604931806, 0.19992794509121564, 0.17813065468119874,
       -0.007439138151109524, -0.18616942167463107});
  check_sutskever(
      {.momentum = 0.8, .nesterov = true, .style = MomentumStyle::sutskever, .weight_decay = 0.02},
      {-0.03047714463848073, -0.07144126679780308, -0.04672261773150706, 0.020952590604745216,
       0.06936408376681699, 0.05400255820253882, 0.10462807676894098, 0.06859787146041693,
       -0.030500900513521844, -0.10155728521743797});
}

TEST_CASE("Nesterov's momentum is the look-ahead method, its parameter the point looked at") {
  // f = ½ Σ cᵢ(xᵢ − 1)²
  const std::vector<double> curvature{0.5, 2, 9};
  const double lr = 0.05, momentum = 0.9;
  std::vector<double> x{3, -1, 0.2}, v{0, 0, 0};
  Tensor parameter = Tensor::from(x, {3}).set_requires_grad();
  SGD optimizer({{"p", parameter}}, {.lr = lr, .momentum = momentum, .nesterov = true});
  for (int step = 0; step < 60; ++step) {
    std::vector<double> ahead(3), slope(3);
    for (std::size_t i = 0; i < 3; ++i) {
      ahead[i] = x[i] - lr * momentum * v[i];
      v[i] = momentum * v[i] + curvature[i] * (ahead[i] - 1);
      x[i] -= lr * v[i];
    }
    check_values(parameter.to_vector<double>(), ahead);
    for (std::size_t i = 0; i < 3; ++i) slope[i] = curvature[i] * (parameter.data<double>()[i] - 1);
    parameter.set_grad(Tensor::from(slope, {3}));
    optimizer.step();
  }
}

TEST_CASE("A tensor of zeros, or one without a slope, moves by the plain rate in LARS and LAMB") {
  Tensor zero = Tensor::from({0., 0.}).set_requires_grad(), flat = Tensor::from({3., 4.});
  flat.set_requires_grad();
  zero.set_grad(Tensor::from({1., -2.}));
  flat.set_grad(Tensor::from({0., 0.}));
  LARS lars({{"zero", zero}, {"flat", flat}}, {.lr = 0.5});
  lars.step();
  CHECK(zero.to_vector<double>() == std::vector<double>{-0.5, 1});
  CHECK(flat.to_vector<double>() == std::vector<double>{3, 4});
  Tensor other = Tensor::from({0., 0.}).set_requires_grad();
  other.set_grad(zero.grad());
  LAMB lamb({{"zero", other}, {"flat", flat}}, {.lr = 0.5, .eps = 1e-12, .weight_decay = 0});
  lamb.step();
  check_values(other.to_vector<double>(), {-0.5, 0.5});
  CHECK(flat.to_vector<double>() == std::vector<double>{3, 4});
}

TEST_CASE("Without bias correction Adam's first steps are too large by (1 − β₁)/√(1 − β₂)") {
  Tensor p = Tensor::from({1.0}).set_requires_grad();
  p.set_grad(Tensor::from({3.0}));
  const auto adam =
      optimizers().find("adam")({{"p", p}}, 0.1, {{"bias_correction", false}, {"eps", 1e-300}});
  adam->step();
  CHECK(p.item() == doctest::Approx(1 - 0.1 * 0.1 / std::sqrt(0.001)).epsilon(1e-12));
}
